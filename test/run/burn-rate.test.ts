// The burn-rate alerts of the SRE Workbook (chapter 5) against their closed form: errors at a ratio e from one instant on
// raise the ratio over a window L in a straight line, so an alert at b times the budget 1 - S fires after (1 - S) b L / e,
// and never if e is no more than b (1 - S).
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import type { Plan } from '../../src/run/plan.js'
import { formatDuration } from '../../src/scenario/units.js'
import { planOf, rollout } from './plans.js'

const minute = 60_000
const hour = 60 * minute
/** After the release, and in between two scrapes. */
const onsetMs = 10 * minute + 7_300

interface Burn {
  readonly objectivePercent: number
  readonly factor: number
  readonly long: number
  readonly short: number
  readonly errorsPercent: number
  readonly scrape?: number
  readonly evaluation?: number
  readonly holds?: number
}

const page = { objectivePercent: 99.9, factor: 14.4, long: hour, short: 5 * minute }
const slow = { objectivePercent: 99.9, factor: 6, long: 6 * hour, short: 30 * minute }

const firing: readonly Burn[] = [
  { ...page, errorsPercent: 1.5 },
  { ...page, errorsPercent: 2 },
  { ...page, errorsPercent: 5 },
  { ...page, errorsPercent: 20 },
  { ...page, errorsPercent: 100 },
  { ...page, errorsPercent: 5, holds: 2 * minute },
  { ...page, errorsPercent: 5, scrape: minute, evaluation: minute },
  { ...page, errorsPercent: 5, scrape: 5_000, evaluation: 15_000 },
  { ...page, objectivePercent: 99.5, errorsPercent: 10 },
  { ...page, objectivePercent: 99, errorsPercent: 30 },
  { ...slow, errorsPercent: 0.7 },
  { ...slow, errorsPercent: 2 },
  { ...slow, errorsPercent: 10 },
]

const quiet: readonly Burn[] = [
  { ...page, errorsPercent: 1.43 },
  { ...page, errorsPercent: 0.5 },
  { ...page, objectivePercent: 99, errorsPercent: 14.3 },
  { ...slow, errorsPercent: 0.59 },
]

const seeds = [1, 2, 3, 4, 5]

describe('An alert on two windows fires when the closed form says', () => {
  it.each(firing.map((burn) => [nameOf(burn), burn] as const))('%s', (_, burn) => {
    const { scrape, evaluation, holds, share } = of(burn)
    // Samples in a window of L, which is open at its start, are L less one scrape apart: that far reaches the ratio.
    const reached = (window: number) => ((window - scrape) * share * burn.factor) / (burn.errorsPercent / 100)
    const expectedMs = Math.max(reached(burn.long), reached(burn.short))
    const plan = flightOf(burn)
    for (const seed of seeds) {
      const firedMs = fired(plan, seed)! - onsetMs
      expect(firedMs, `seed ${seed}`).toBeGreaterThanOrEqual(expectedMs + holds - toleranceMs)
      expect(firedMs, `seed ${seed}`).toBeLessThanOrEqual(expectedMs + scrape + evaluation + holds + toleranceMs)
    }
  })
})

describe('It never fires for errors that the budget bears so long', () => {
  it.each(quiet.map((burn) => [nameOf(burn), burn] as const))('%s', (_, burn) => {
    const plan = flightOf(burn)
    expect(seeds.map((seed) => fired(plan, seed))).toEqual(seeds.map(() => undefined))
  })
})

/** At a hundred million requests a second the counts are off by less than one in ten thousand. */
const toleranceMs = 50

function of({ objectivePercent, scrape = 15_000, evaluation = 30_000, holds = 0 }: Burn) {
  return { scrape, evaluation, holds, share: (100 - objectivePercent) / 100 }
}

function nameOf(burn: Burn): string {
  const { scrape, evaluation, holds } = of(burn)
  const timing = `scraped every ${formatDuration(scrape)}, evaluated every ${formatDuration(evaluation)}`
  const windows = `${burn.factor} × (${formatDuration(burn.long)}, ${formatDuration(burn.short)})`
  return `${burn.errorsPercent} % errors, ${burn.objectivePercent} %: ${windows}, for ${formatDuration(holds)}, ${timing}`
}

/** Since the release. */
function fired(plan: Plan, seed: number): number | undefined {
  const entry = flyRecorded(plan, seed).timeline.find((each) => each.what === 'alert' && each.change === 'firing')
  return entry && entry.atMs - plan.scenario.releaseAtMs
}

function flightOf(burn: Burn): Plan {
  return planOf(scenarioOf(burn), rollout(4, 'steps: [{setWeight: 25}, {pause: {}}]'), rulesOf(burn))
}

/** A background of one error in a million: a counter that isn't there yet has no increase to its first value. */
function scenarioOf(burn: Burn): string {
  const { scrape } = of(burn)
  const releaseMs = burn.long + 5 * minute
  const [warmUp, end] = [releaseMs, releaseMs + onsetMs + 2 * burn.long].map(formatDuration)
  const fault = (version: string) =>
    `{on: ${version}, onset: ${formatDuration(onsetMs)}, errors: ${burn.errorsPercent}%}`
  return `
teaches: How long a burn-rate alert takes.
policy: policy.yaml
release: {at: ${warmUp}, image: "shop:2"}
duration: ${end}
traffic: {rate: 100M/s}
service: {stable: {errors: 0.0001%, start: 10s}}
faults: [${fault('stable')}, ${fault('canary')}]
observability: {scrape: {interval: ${formatDuration(scrape)}}, rules: [rules.yaml]}
`
}

function rulesOf(burn: Burn): string {
  const { evaluation, holds, share } = of(burn)
  const [long, short] = [burn.long, burn.short].map(formatDuration)
  const requests = (more: string, window: string) =>
    `sum(rate(istio_requests_total{reporter="source"${more}}[${window}]))`
  const record = (window: string) =>
    `- {record: "job:errors:ratio_rate${window}", expr: '${requests(',response_code=~"5.."', window)} / ${requests('', window)}'}`
  const over = (window: string) => `job:errors:ratio_rate${window} > ${burn.factor} * ${share.toFixed(4)}`
  return `
groups:
  - name: burn
    interval: ${formatDuration(evaluation)}
    rules:
      ${record(long!)}
      ${record(short!)}
      - {alert: Burn, expr: "${over(long!)} and ${over(short!)}", for: ${formatDuration(holds)}}
`
}

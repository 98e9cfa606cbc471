// Queries that see nothing, or something else than the canary.
import type { Remark } from '../../../run/explain/remarks.js'
import type { Place } from '../../../scenario/problem.js'
import type { Found, Rule, Subject } from '../rule.js'
import { type AskedQuery, askedQueries } from './asked-queries.js'
import { percent } from './canary-of.js'
import { sharesOf } from './checks-of.js'
import { type JudgedRatio, judgedRatio } from './judged-ratio.js'

export const statisticsOfQueries: readonly Rule[] = [
  {
    id: 'query-error',
    severity: 'error',
    title: 'A query can not be read: every measurement is an Error.',
  },
  {
    id: 'query-sees-nothing',
    severity: 'warning',
    title: 'A query asks for series that nothing exposes here.',
  },
  {
    id: 'matcher-excludes-nothing',
    severity: 'warning',
    title: 'A query is to leave something out by a label that no series has.',
  },
  {
    id: 'whole-service',
    severity: 'warning',
    title: 'A query sees the whole service, in which a small canary drowns.',
    find: findWholeService,
  },
  {
    id: 'stable-only',
    severity: 'error',
    title: 'A query sees the stable version alone: the canary can do what it likes.',
    find: (subject) =>
      remarkedOn(subject, 'stable-only', () => 'Whatever the canary answers, the value is that of the version before.'),
  },
  {
    id: 'counted-twice',
    severity: 'note',
    title: 'A query counts each request twice, as two exporters saw it.',
    find: (subject) =>
      remarkedOn(
        subject,
        'counted-twice',
        () => 'Rates are twice what they are; a share is right, but one of the two that fails takes half of it away.',
      ),
  },
  {
    id: 'short-window',
    severity: 'error',
    title: 'The window of a rate may hold a single sample, and then there is no value.',
    find: (subject) =>
      remarkedOn(
        subject,
        'short-window',
        () => 'A rate is the difference between two samples: of one there is none, and result[0] is an Error.',
      ),
  },
]

function* remarkedOn(subject: Subject, code: Remark['code'], whyOf: (asked: AskedQuery) => string): Generator<Found> {
  for (const asked of askedQueries(subject)) {
    const { explained, metric, paths } = asked
    // After the cutover all requests go to the new version.
    if (isOfVersions(code) && paths.every(([, place]) => place === 'postPromotionAnalysis')) continue
    for (const { of, message, hint } of explained.remarks.filter((each) => each.code === code)) {
      const what = of === null ? metric.name : `${metric.name}: ${of}`
      yield { place: placeOfPart(asked, of), message: `${what} ${message}`, why: whyOf(asked), mend: hint }
    }
  }
}

function isOfVersions(code: Remark['code']): boolean {
  return code === 'whole-service' || code === 'stable-only'
}

/** Of the selector that it is about or that holds it, or of the query. */
function placeOfPart({ explained: { selectors, place } }: AskedQuery, part: string | null): Place {
  if (part === null) return selectors[0]?.place ?? place
  return selectors.find(({ text }) => text.includes(part) || part.includes(text))?.place ?? place
}

function findWholeService(subject: Subject): Iterable<Found> {
  return remarkedOn(subject, 'whole-service', (asked) => {
    const shares = asked.paths
      .flatMap((path) => sharesOf(subject, asked.metric, path, asked.looked) ?? [])
      .filter((each) => each > 0)
    const least = Math.min(...shares)
    const ratio = judgedRatio(asked)
    if (!Number.isFinite(least)) return 'What the canary does is diluted by all that the version before does well.'
    const isDiluted = `At ${percent(100 * least)} of the requests a canary that fails all of them is ${percent(100 * least)} of errors`
    return ratio ? `${isDiluted}: ${neededFor(ratio, least, subject)}` : `${isDiluted} in this.`
  })
}

/** How bad the canary has to be for the whole service to reach the threshold. */
function neededFor({ threshold }: JudgedRatio, share: number, { plan }: Subject): string {
  const healthy = plan!.scenario.service.stable.errorRatio
  const needed = (threshold.ratio - (1 - share) * healthy) / share
  const limit = `the threshold of ${percent(100 * threshold.ratio)}`
  if (needed >= 1) return `${limit} is never reached.`
  return `only one that fails ${percent(100 * needed)} of its own reaches ${limit}.`
}

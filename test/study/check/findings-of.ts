// What rules find in manifests that stand in one text, as a page of docs/rules has them.

import { readPolicy } from '../../../src/policy/argo/policy.js'
import {
  assumedWorld,
  healthyWorldFor,
  readWorld,
  withoutVerdictsOfOthers,
} from '../../../src/run/explain/healthy-world.js'
import { RecordedFlight } from '../../../src/run/fly.js'
import { type Plan, prepare } from '../../../src/run/plan.js'
import type { RunRecord } from '../../../src/run/record.js'
import { readManifests } from '../../../src/scenario/load.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'
import { findIn, sortProblems } from '../../../src/study/check/finding.js'
import { heedComments } from '../../../src/study/check/ignored.js'
import type { Subject } from '../../../src/study/check/rule.js'
import { rules } from '../../../src/study/check/rules/rules.js'
import { manifestsOf, rolloutName, rolloutsIn } from '../../../src/study/select-rollout.js'

export interface Finding {
  readonly id: string
  readonly line: number
  readonly message: string
  readonly flown?: string | undefined
}

export function findingsOf(text: string, more = ''): readonly Finding[] {
  return findingsIn(subjectOf(text, more), text)
}

export function findingsIn({ subject, problems }: Read, text: string): readonly Finding[] {
  const { findings } = sortProblems(problems, rules)
  const heeded = heedComments([...findings, ...findIn(subject, rules)], new Map([['policy.yaml', text]]), rules)
  return heeded.findings.map(({ rule, line, message, flown }) => ({
    id: rule,
    line,
    message,
    flown: flown ?? undefined,
  }))
}

export interface Read {
  readonly subject: Subject
  readonly problems: readonly Problem[]
}

/** Of the first Rollout; in a world that is assumed, or in one like many with these lines. */
export function subjectOf(text: string, more = ''): Read {
  const problems = new Problems()
  const all = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  const [first, ...otherRollouts] = rolloutsIn(all)
  const manifests = first ? manifestsOf(rolloutName(first), all) : all
  const world = more === '' ? healthyWorldFor(manifests) : readWorld(`${given}${more}`)
  const plan = prepare(assumedWorld, world, manifests, problems)
  const isFlown = plan !== undefined && !problems.hasErrors
  const read = readPolicy(manifests, new Problems())
  const policy = read?.refusal === undefined ? read : undefined
  const healthy = isFlown ? flyHealthy(withoutVerdictsOfOthers(plan)) : undefined
  const isRateAssumed = more === ''
  const subject = { manifests, otherRollouts, policy, plan: isFlown ? plan : undefined, healthy, isRateAssumed }
  return { subject, problems: problems.sorted() }
}

const given = `
teaches: What a page of docs/rules claims.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 1h
`

const longestMs = 4 * 3_600_000

/** What doesn't end by then never does. */
function flyHealthy(plan: Plan): RunRecord {
  const flight = new RecordedFlight(plan, 1)
  flight.flying.advance(Math.min(plan.scenario.durationMs, longestMs))
  return flight.land()
}

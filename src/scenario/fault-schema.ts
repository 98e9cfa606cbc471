// The part of a scenario file about what goes wrong.
import { z } from 'zod'
import { checkFault, checkRollout, checkSelector } from './fault-checks.js'
import { memoryGrowth, podPart, trafficChange } from './fault-units.js'
import { anchors, faultVersions, killTargets, metricsTroubles, processTroubles, skewTimes } from './faults.js'
import { limits } from './limits.js'
import { otherWords } from './other-words.js'
import { aDuration, type QuantityRules, quantity } from './quantity.js'
import { ALWAYS } from './schema-checks.js'
import { bytes, count, latencyChange, percentage, rate } from './units.js'

const aShare = (doc: string, rules: Omit<QuantityRules, 'doc'> = {}) =>
  quantity(percentage, { doc, positive: true, ...rules })
const aName = (doc: string) => z.string().min(1).describe(doc).optional()
const aSwitch = (doc: string) => z.literal(true).describe(doc).optional()

const selector = z
  .strictObject({
    version: z.enum(faultVersions).describe('Requests to it, or its pods (default: both).').optional(),
    pods: z
      .union([
        z.int().min(1).describe('So many of them.'),
        quantity(podPart, { doc: 'This part of them, rounded up.' }),
      ])
      .describe('Not all of its pods, but so many, such as 1 or 30%: the oldest.')
      .optional(),
    zone: aName('Pods on nodes of this zone of `cluster.nodes`.'),
    node: aName('Pods on this node of `cluster.nodes`.'),
    route: aName('Requests of this route of `traffic.routes`.'),
    segment: z
      .record(z.string(), z.string())
      .describe('Requests of this segment of `traffic.segments`, such as {plan: paid}.')
      .optional(),
    dependency: aName('Requests that call this one of `dependencies`.'),
    share: aShare('So many of the requests, by chance.').optional(),
  })
  .superRefine(checkSelector, ALWAYS)

const rolloutStep = z
  .strictObject({
    at: aDuration('Time since the onset.'),
    weight: quantity(percentage, {
      doc: 'From here on the effect is this much of its full size; 0% is their rollback.',
    }),
  })
  .describe('A step of the rollout.')

export const fault = z
  .strictObject({
    name: z.string().min(1).describe('What reports call it (default: what it does).').optional(),
    on: z
      .union([
        z.enum(faultVersions).describe('A version, or the gateway (for `metrics`).'),
        selector.describe('A mapping: what all of it selects.'),
      ])
      .describe(
        'Whom it strikes: a version, or a mapping of version, pods, zone, node, route, segment, dependency, share.',
      )
      .optional(),
    manifest: aName(
      'In place of all else but `after` and `onset`: a file or a directory with documents of Chaos Mesh, applied then.',
    ),
    after: z
      .enum(anchors)
      .describe('What `onset` counts from: the release (default), the promotion to everyone, or the first canary pod.')
      .register(otherWords, { hints: new Map([['promote', 'Write `promotion`.']]) })
      .optional(),
    onset: aDuration('When it begins, as time since the release, or since what `after` says (default 0s).').optional(),
    for: aDuration('How long it lasts (default: until the end).', { positive: true }).optional(),
    every: aDuration('It strikes again each time that so long has passed since its last onset (default: once).', {
      least: 1_000,
    }).optional(),
    ramp: aDuration('How long it takes to grow to full size, in a straight line (default: at once).').optional(),
    rollout: z
      .array(rolloutStep)
      .min(1)
      .max(limits.scenarioListItems)
      .superRefine(checkRollout, ALWAYS)
      .describe("It comes with another team's rollout: the effect grows and goes with its weights.")
      .optional(),
    errors: aShare('Share of answers that fail, on top of what fails anyway.').optional(),
    status: z
      .int()
      .min(400)
      .max(599)
      .describe('With what status answers fail, of errors, poison or skew (default 500).')
      .optional(),
    latency: quantity(latencyChange, {
      doc: 'How answers get slower: by a time, a factor or a percentage.',
    }).optional(),
    above: quantity(rate, {
      doc: 'Errors or latency are there only while each pod gets more requests than this.',
      positive: true,
      most: limits.ratePerSecond,
    }).optional(),
    hang: z
      .union([aShare('So many of the requests.'), z.literal(true).describe('All of them.')])
      .describe('Share of requests that are never answered; true for all.')
      .optional(),
    noisyNeighbour: aShare(
      'Something else takes this share of the CPU: pods serve less, and each request takes longer.',
      {
        most: 0.99,
      },
    ).optional(),
    crashLoop: aSwitch('The containers exit soon after their start, again and again.'),
    neverReady: aSwitch('The readiness probes fail.'),
    leak: z
      .strictObject({
        growth: quantity(memoryGrowth, {
          doc: 'How fast the memory of a container grows, from its start on.',
          positive: true,
        }),
        limit: quantity(bytes, {
          doc: 'At this it is killed (OOMKilled), and starts again (default: the memory limit of the container).',
          positive: true,
        }).optional(),
      })
      .describe('Memory leaks until the container is out of it.')
      .optional(),
    kill: z
      .enum(killTargets)
      .describe('At the onset pods are deleted at once, or their containers exit; others take their place.')
      .register(otherWords, {
        hints: new Map(
          ['node', 'zone'].map((place) => [place, `It is lost by \`nodeLoss: true\`, with \`on: {${place}: NAME}\`.`]),
        ),
      })
      .optional(),
    imagePullFails: aSwitch('New pods wait for their image, which cannot be pulled.'),
    nodeLoss: aSwitch(
      'The node, or all of the zone, is gone: its pods with it, after the time that Kubernetes takes to see it.',
    ),
    quotaExhausted: aSwitch('The quota of the namespace admits no new pod.'),
    poison: z
      .strictObject({
        records: z
          .union([
            z.int().min(1).describe('A whole number.'),
            quantity(count, { doc: 'A whole number with k or M.', positive: true }),
          ])
          .describe('Of so many shared records, each request that the version serves spoils one, chosen by chance.'),
        recovery: aDuration('Mean time until a spoiled record is well again (default: never).', {
          positive: true,
        }).optional(),
      })
      .describe(
        'The version spoils state that both share: who reads a spoiled record gets an error, even after a rollback.',
      )
      .optional(),
    skew: z
      .strictObject({
        errors: aShare('Share of its answers that fail.'),
        while: z
          .enum(skewTimes)
          .describe(
            'From the first canary pod on for good (migrated, default), or only while both versions serve (mixed).',
          )
          .optional(),
      })
      .describe("The version named in `on` breaks on the other one's schema.")
      .optional(),
    traffic: quantity(trafficChange, {
      doc: 'The request rate is multiplied: by a factor or a percentage.',
    }).optional(),
    metrics: z
      .enum(metricsTroubles)
      .describe(
        "Metrics of those struck are not there, come late by `delay`, carry the other version's labels, or stand still.",
      )
      .optional(),
    prometheus: z.literal('down').describe('Prometheus scrapes nothing and answers nobody.').optional(),
    controller: z
      .enum(processTroubles)
      .describe('The rollout controller does nothing, or everything late by `delay`.')
      .optional(),
    apiServer: z
      .enum(processTroubles)
      .describe('The API server answers nobody, or everybody late by `delay`.')
      .optional(),
    delay: aDuration('How late, of `metrics: delayed`, `controller: slow` and `apiServer: slow`.', {
      positive: true,
    }).optional(),
  })
  .superRefine(checkFault, ALWAYS)
  .describe('Something that goes wrong: whom it strikes, when, and exactly one effect.')

export type FaultFields = z.output<typeof fault>
export type SelectorFields = z.output<typeof selector>

// The scenario file: its fields, what each means, and what must be true of them. Types, validation and the JSON Schema
// for editors all come from here.
import { z } from 'zod'
import { budget, budgetMetrics } from './budget.js'
import { clients } from './clients.js'
import { cluster } from './cluster-schema.js'
import { controller } from './controller.js'
import { dependency } from './dependencies.js'
import { fault } from './fault-schema.js'
import { fidelities } from './fidelity.js'
import { instant } from './instant.js'
import { limits } from './limits.js'
import { dialect, ownMetrics } from './own-metric-schema.js'
import { commands, phases } from './people.js'
import { pluginPhases } from './plugins.js'
import { aDuration, quantity } from './quantity.js'
import { checkFaults } from './scenario-fault-checks.js'
import { ALWAYS, checkPerson, checkPlugin, checkPlugins, checkScenario } from './schema-checks.js'
import { scrape } from './scrape-schema.js'
import { behaviour } from './service-schema.js'
import { checkWindows } from './signal-checks.js'
import { signal } from './signal-schema.js'
import { checkTrafficInTime } from './traffic-checks.js'
import { traffic } from './traffic-schema.js'
import { percentage } from './units.js'

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(limits.scenarioListItems)

const person = z
  .strictObject({
    at: aDuration('Time since the release: acts once.').optional(),
    when: z
      .enum(phases)
      .describe('A phase of the rollout: acts each time that the rollout gets into it, if it stays for `after`.')
      .optional(),
    alert: z
      .string()
      .min(1)
      .describe(
        'An alert of `observability.rules`: acts each time that it begins to fire, if it still does `after` that.',
      )
      .optional(),
    labels: z
      .record(z.string(), z.string())
      .describe('Only if the alert has these labels (default: whatever labels it has).')
      .optional(),
    after: aDuration(
      'How long the rollout must have been in the phase, or the alert firing, its way through the Alertmanager included (default and least: 1s, nobody reacts faster).',
    ).optional(),
    do: z.enum(commands).describe('The command of `kubectl argo rollouts`; or `scale`, as `kubectl scale`.'),
    replicas: z.int().min(0).max(limits.replicas).describe('How many `scale` asks for.').optional(),
  })
  .superRefine(checkPerson, ALWAYS)
  .describe('Somebody who acts on the rollout: an on-call engineer, a release manager, a script.')

const plugin = z
  .strictObject({
    name: z.string().min(1).describe('Its name, as steps of the Rollout have it.'),
    phase: z.enum(pluginPhases).describe('What its step comes to (default Successful).').optional(),
    after: aDuration(
      'How long it runs, from its first call; the controller sees its end when it calls again (default 0s).',
    ).optional(),
    message: z.string().describe('What it says then (default: nothing).').optional(),
    requeueAfter: aDuration(
      'When it asks to be called again while it runs; 10s and less count as 30s (default 30s).',
    ).optional(),
    disabled: z.literal(true).describe('The operator has switched it off: its steps are passed over.').optional(),
  })
  .superRefine(checkPlugin, ALWAYS)
  .describe('A step plugin that the operator has added to the controller, and how it does.')

const demand = quantity(budget, {
  doc: `What the runs should keep to: metric, comparison, value. Metrics: ${Object.keys(budgetMetrics).join(', ')}.`,
})

export const scenarioSchema = z
  .strictObject({
    teaches: z.string().trim().min(1).describe('What this scenario teaches, in one sentence.'),
    policy: z
      .union([
        z.string().min(1).describe('A file or a directory.'),
        listOf(z.string().min(1).describe('A file or a directory.')).min(1).describe('Files and directories.'),
      ])
      .describe('The manifests of the policy: files or directories, as seen from this file.'),
    controller: quantity(controller, {
      doc: 'The controller that acts on the policy, and its version: major.minor or in full (default: argo-rollouts in the newest stable version).',
    }).optional(),
    release: z
      .strictObject({
        at: aDuration(
          'When the new version is applied, since the start of the scenario; what comes before is warm-up.',
        ),
        image: z
          .string()
          .min(1)
          .describe('The image of the new version (default: that of the manifest, with another tag).')
          .optional(),
      })
      .describe('The change whose way into production is flown.'),
    duration: aDuration('When the flight ends at the latest, since the start of the scenario (at most 31d).', {
      positive: true,
      most: limits.durationMs,
    }),
    startsAt: quantity(instant, {
      doc: 'The date and time of the start, as queries and alert rules see it (default 2026-01-05T00:00:00Z, a Monday).',
    }).optional(),
    fidelity: z
      .enum(fidelities)
      .describe(
        'How requests are flown: `flow` counts them when somebody looks, at a cost that does not grow with their rate; `request` flies them one by one (default: flow, unless something needs single requests).',
      )
      .optional(),
    seed: z.int().min(0).describe('Where all chance comes from (default 1).').optional(),
    traffic,
    service: z
      .strictObject({
        stable: behaviour('How the version in production behaves.').optional(),
        canary: behaviour('How the new version behaves without faults: what is not said is as stable.').optional(),
      })
      .describe('How the versions behave when nothing is wrong.')
      .optional(),
    clients: clients.optional(),
    dependencies: listOf(dependency)
      .describe('Services that both versions call, for faults to strike (default: none).')
      .optional(),
    cluster: cluster.optional(),
    faults: listOf(fault).describe('What goes wrong, and when (default: nothing).').optional(),
    people: listOf(person).describe('What people do to the rollout, and when (default: nothing).').optional(),
    plugins: listOf(plugin)
      .superRefine(checkPlugins, ALWAYS)
      .describe('How the step plugins of the policy do; each one that a step names is needed here.')
      .optional(),
    observability: z
      .strictObject({
        dialect: dialect.optional(),
        metrics: ownMetrics.optional(),
        scrape: scrape.optional(),
        rules: listOf(z.string().min(1).describe('A rule file of Prometheus.'))
          .describe('Rule files of Prometheus, as seen from this file: evaluated from the start of the scenario on.')
          .optional(),
        evaluation: aDuration('Time between two evaluations of a rule group that names no interval (default 1m).', {
          positive: true,
        }).optional(),
        signals: listOf(signal)
          .describe('What answers for the metrics of other providers than Prometheus (default: nothing).')
          .optional(),
      })
      .superRefine(checkWindows, ALWAYS)
      .describe('How the policy sees what happens.')
      .optional(),
    slo: z
      .strictObject({
        objective: quantity(percentage, {
          doc: 'Share of answers that must be good (default 99.9%).',
          positive: true,
        }).optional(),
        window: aDuration('The time over which the error budget is counted (default 30d).', {
          positive: true,
        }).optional(),
        latency: aDuration('Answers slower than this are bad, too (default: no matter how slow).', {
          positive: true,
        }).optional(),
      })
      .describe('What was promised to users.')
      .optional(),
    budgets: listOf(demand).describe('What the runs should keep to: `coalmine test` judges by it.').optional(),
  })
  .superRefine(checkScenario, ALWAYS)
  .superRefine(checkFaults, ALWAYS)
  .superRefine(checkTrafficInTime, ALWAYS)
  .describe('A release under a policy, with the traffic, the service and the faults it meets.')

/** The file with numbers for quantities; defaults are still missing. */
export type ScenarioFields = z.output<typeof scenarioSchema>
export type PersonFields = z.output<typeof person>
export type PluginFields = z.output<typeof plugin>

/** JSON Schema (draft 2020-12) of the file as it is written, for editors. */
export function jsonSchema(): Record<string, unknown> {
  return { title: 'Coalmine scenario', ...z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12' }) }
}

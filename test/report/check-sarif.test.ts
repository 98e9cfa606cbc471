// What `check --format sarif` writes is SARIF 2.1.0, as far as it goes: the objects and properties of these sections of
// OASIS's specification, and no others.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { checkSarif } from '../../src/report/check-sarif.js'
import type { Finding } from '../../src/study/check/finding.js'
import { type CheckReport, checkSchema } from '../../src/study/check/report.js'
import type { Rule } from '../../src/study/check/rule.js'
import { studyOf } from '../../src/study/study.js'
import { tallyOf } from '../study/test/tested-scenario.js'
import { awkwardName, hardToWrite } from './test/hard-to-write.js'

const level = z.enum(['none', 'note', 'warning', 'error'])
/** RFC 3986, by which all other characters are written as %XX. */
const uri = z.string().regex(/^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$/)
/** 3.12 */
const multiformatMessageString = z.strictObject({ text: z.string(), markdown: z.string().optional() })
/** 3.28 to 3.30, and 3.4: lines and columns count from one. */
const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri }),
    region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }).optional(),
  }),
})
/** 3.27; 3.11 of its message, 3.35 of its suppressions. */
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level,
  message: z.strictObject({ text: z.string().min(1) }),
  locations: z.array(location),
  partialFingerprints: z.record(z.string(), z.string()),
  suppressions: z
    .array(z.strictObject({ kind: z.enum(['inSource', 'external']), justification: z.string() }))
    .optional(),
})
/** 3.49; 3.50 of its configuration, 3.8 of its properties. */
const reportingDescriptor = z.strictObject({
  id: z.string(),
  shortDescription: multiformatMessageString,
  defaultConfiguration: z.strictObject({ level }),
  help: multiformatMessageString.optional(),
  properties: z.looseObject({ tags: z.array(z.string()) }),
})
/** 3.14; 3.18 and 3.19 of its tool. */
const run = z.strictObject({
  tool: z.strictObject({
    driver: z.strictObject({
      name: z.string().min(1),
      semanticVersion: z.string().regex(/^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/),
      rules: z.array(reportingDescriptor),
    }),
  }),
  columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
  results: z.array(result),
})
/** 3.13 */
const sarifLog = z.strictObject({ $schema: z.url(), version: z.literal('2.1.0'), runs: z.array(run) })

const rules: readonly Rule[] = [
  { id: 'too-short', severity: 'warning', title: awkwardName, versions: 'argo-rollouts up to 1.10.2' },
  { id: 'never-ends', severity: 'error', title: 'It never ends.' },
]

const finding = (rule: string, more: Partial<Finding> = {}): Finding => ({
  ...{ rule, severity: 'warning', message: awkwardName, why: 'Because.', mend: 'Mend it.', flown: null },
  ...{ file: 'deploy/a b#1 <é>.yaml', line: 3, column: 7, ...more },
})

const place = { file: 'deploy/rollout.yaml', line: 1, column: 1 }
const { verdicts } = studyOf({ version: '1.0.0', name: '', teaches: '', fidelity: 'flow', seed: 1 }, tallyOf([{}]))
const nobody = { p50: null, p90: null }
const report: CheckReport = {
  schema: checkSchema,
  version: '1.0.0',
  paths: ['deploy'],
  wantedRatePerSecond: null,
  seed: 1,
  findings: [finding('too-short'), finding('never-ends', { severity: 'error', file: '-', line: 0, column: 0 })],
  ignored: [{ finding: finding('too-short', { severity: 'note' }), reason: `"it's fine"\n` }],
  rollouts: [
    {
      ...place,
      namespace: 'default',
      name: awkwardName,
      world: null,
      flights: [
        {
          fault: 'errors-100',
          title: '100 % errors',
          wanted: 'stopped',
          runs: 200,
          verdicts,
          caught: verdicts.aborted,
          ...{ detectionMs: nobody, requests: nobody, users: nobody, budgetSpentPercent: nobody },
          budgets: hardToWrite.scenarios.flatMap(({ budgets }) => budgets),
        },
      ],
    },
  ],
}

it('writes logs of the shape that the specification gives', () => {
  const log = JSON.parse(JSON.stringify(checkSarif(report, rules, (id) => `# ${id}\n`)))
  const { runs } = sarifLog.parse(log)
  const [{ tool, results }] = runs as [z.infer<typeof run>]
  expect(results.map(({ ruleId }) => ruleId)).toEqual([
    ...['too-short', 'never-ends', 'too-short', 'budget', 'budget', 'budget'],
  ])
  // 3.27.6: the index is that of the rule of this id; 3.49.3: each id is there once.
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId)
  expect(new Set(tool.driver.rules.map(({ id }) => id)).size).toBe(tool.driver.rules.length)
  expect(results.map(({ suppressions }) => suppressions?.[0]?.justification)[2]).toBe(`"it's fine"\n`)
})

it('names files by addresses relative to where it ran', () => {
  const { runs } = sarifLog.parse(JSON.parse(JSON.stringify(checkSarif(report, rules, () => undefined))))
  const [found, whole] = runs[0]!.results.map(({ locations: [first] }) => first!.physicalLocation)
  expect(found).toEqual({
    artifactLocation: { uri: 'deploy/a%20b%231%20%3C%C3%A9%3E.yaml' },
    region: { startLine: 3, startColumn: 7 },
  })
  expect(whole).toEqual({ artifactLocation: { uri: 'stdin' } })
})

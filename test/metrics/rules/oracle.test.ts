// Rule files are accepted and refused as Prometheus' own reader does it: those of the corpus, and random ones, broken in
// one place or another. COALMINE_ORACLE_RULE_FILES is how many random ones are asked about.
import { env } from 'node:process'
import { expect, it } from 'vitest'
import { readRuleFile } from '../../../src/metrics/rules/rule-file.js'
import { Problems } from '../../../src/scenario/problem.js'
import { Chance } from '../../conformance/chance.js'
import { prometheus, seed } from '../../oracle/oracle.js'
import { ruleCases } from './cases.js'
import { randomRuleFile } from './random-rules.js'

const count = Number(env['COALMINE_ORACLE_RULE_FILES'] ?? 3000)

it.skipIf(!prometheus.isThere('the rule files of the corpus'))('the corpus is right about what is accepted', () => {
  const cases = ruleCases()
  const answers = ask(cases.map(({ text }) => text))
  const wrong = cases.filter(({ said }, index) => (said[0] === 'accepted') === (answers[index]!.errors !== undefined))
  expect(wrong.map(({ name }) => name)).toEqual([])
})

it.skipIf(!prometheus.isThere(`${count} random rule files`))(
  `random rule files are accepted and refused as Prometheus does (seed ${seed})`,
  () => {
    const chance = new Chance(`rule files ${seed}`)
    const texts = Array.from({ length: count }, () => randomRuleFile(chance))
    const answers = ask(texts)
    const different = texts.flatMap((text, index) => {
      const { errors, duplicates: all = [] } = answers[index]!
      const duplicates = [...new Set(all)]
      const ours = read(text)
      const agrees =
        errors === undefined
          ? ours.errors.length === 0 && JSON.stringify(ours.duplicates) === JSON.stringify(duplicates)
          : ours.errors.length > 0
      return agrees ? [] : [{ text, errors, duplicates, ours }]
    })
    const [ofYaml, ofRules] = [different.filter(isOfYaml), different.filter((each) => !isOfYaml(each))]
    expect(ofYaml.length, `seed ${seed}`).toBeLessThanOrEqual(count / 100)
    const accepted = answers.filter(({ errors }) => errors === undefined).length
    expect(accepted).toBeGreaterThan(count / 10)
    expect(accepted).toBeLessThan((9 * count) / 10)
    const shown = ofRules.slice(0, 10).map(({ text, ...rest }) => `${text}\n${JSON.stringify(rest, null, 1)}`)
    expect(shown.join('\n\n'), `${ofRules.length} of ${count} differ, seed ${seed}`).toBe('')
  },
)

/**
 * The libraries that read YAML here and there take some texts for YAML that the other doesn't: `&a'`, `{a: b,:c}`, quotes
 * that go on further to the left, anything behind the end of the first document. No rule is read then.
 */
function isOfYaml({ errors, ours }: { errors: Answer['errors']; ours: ReturnType<typeof read> }): boolean {
  if (errors === undefined) return ours.errors.length > 0 && ours.errors.every((error) => error.startsWith('yaml-'))
  return errors.every((error) => error.startsWith('yaml: ') && !error.startsWith('yaml: unmarshal errors'))
}

interface Answer {
  readonly errors?: readonly string[]
  readonly duplicates?: readonly string[]
}

function ask(texts: readonly string[]): readonly Answer[] {
  return prometheus.ask(texts.map((text) => JSON.stringify({ rules: text }))).map((line) => JSON.parse(line) as Answer)
}

function read(text: string) {
  const problems = new Problems()
  readRuleFile(text, 'rules.yaml', problems)
  const told = problems.inOrder
  const errors = told.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`)
  const twice = told.filter(({ code }) => code === 'rules-duplicate')
  const names = new Set(twice.map(({ message }) => /second rule (.*) with/.exec(message)![1]!))
  return { errors, duplicates: [...names].sort() }
}

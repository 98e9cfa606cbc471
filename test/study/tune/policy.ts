// Policies and scenarios in memory, for the tests of tuning.
import { manifestsIn } from '../../../src/scenario/manifest.js'
import { Problems } from '../../../src/scenario/problem.js'
import { parseYaml } from '../../../src/scenario/yaml.js'
import { asWritten, type Choices } from '../../../src/study/tune/candidate.js'
import { editsOf } from '../../../src/study/tune/edits.js'
import { patched } from '../../../src/study/tune/patch.js'
import { type Space, spaceOf } from '../../../src/study/tune/space.js'

/** As a file has it, with comments and all. */
export function rollout(steps: string, more = ''): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 8
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers: [{name: shop, image: "shop:1.0"}]
  strategy:
    canary:
      stableService: shop
      canaryService: shop-canary
      trafficRouting: {istio: {virtualService: {name: shop}}}
${more}      steps:
${steps}`
}

export function template(metric: string, args = ''): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: success-rate}
spec:
${args}  metrics:
    - name: success-rate
${metric}`
}

export const background = `      analysis: {templates: [{templateName: success-rate}], startingStep: 1}\n`

export function spaceIn(texts: Readonly<Record<string, string>>): Space {
  const problems = new Problems()
  const manifests = Object.entries(texts).flatMap(([file, text]) =>
    parseYaml(text, file, 'kubernetes', problems).flatMap((document) => manifestsIn(document, file, problems)),
  )
  problems.throwIfAny()
  const room = { longestSeconds: 1500, scrapeSeconds: 15, maxWeight: 100 }
  return spaceOf(manifests, new Map(Object.entries(texts)), room)!
}

/** The knobs turned to these values, by their names. */
export function turned(space: Space, values: Readonly<Record<string, number>>): Choices {
  const choices = [...asWritten(space)]
  for (const [name, value] of Object.entries(values)) {
    const index = space.knobs.findIndex((knob) => knob.name === name)
    const choice = space.knobs[index]?.values.indexOf(value) ?? -1
    if (choice < 0) throw new RangeError(`${name} has no ${value}: ${space.knobs[index]?.values.join(' ')}`)
    choices[index] = choice
  }
  return choices
}

/** The text of a file after that. */
export function textAfter(space: Space, choices: Choices, file: string): string {
  return patched(space.sources, editsOf(space, choices)).get(file) ?? space.sources.get(file)!.text
}

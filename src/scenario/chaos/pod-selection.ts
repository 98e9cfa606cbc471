// Which pods a Chaos Mesh document selects, in the words of faults.
import type { FaultSelector, PodShare } from '../faults.js'
import type { Part } from './part.js'
import type { ChaosSurroundings } from './surroundings.js'

/** Undefined, and problems, if it selects nobody here, or by what the world has nothing of. */
export function podSelection(spec: Part, world: ChaosSurroundings): FaultSelector | undefined {
  const before = spec.problems.errorCount
  const selector = spec.part('selector')!
  const version = versionOf(selector, world)
  const place = placeOf(selector, world)
  const pods = podShare(spec)
  if (version === undefined || spec.problems.errorCount > before) return undefined
  return { version, ...place, ...(pods === undefined ? {} : { pods }) }
}

function versionOf(selector: Part, world: ChaosSurroundings): FaultSelector['version'] | undefined {
  checkNamespaces(selector, world)
  for (const key of ['annotationSelectors', 'pods']) {
    if (!selector.has(key) || Object.keys(selector.get(key) as object).length === 0) continue
    const hint = 'Select by labels: pods have those of their template.'
    const what = key === 'pods' ? 'names of pods, which a flight makes up' : 'annotations of pods'
    selector.refuse(key, `the world does not know ${what}`, hint)
  }
  for (const phase of selector.texts('podPhaseSelectors').filter((each) => each !== 'Running')) {
    selector.refuse('podPhaseSelectors', `faults strike running pods, not those that are ${phase}`)
  }
  const selects = (labels: Readonly<Record<string, string>>) => matches(selector, labels)
  const isStable = world.labels.stable.some(selects)
  const isCanary = world.labels.canary.some(selects)
  if (isStable) return isCanary ? 'both' : 'stable'
  if (isCanary) return 'canary'
  const labels = Object.entries(world.labels.canary[0] ?? {}).map(([key, value]) => `${key}: ${value}`)
  const key = selector.has('labelSelectors') ? 'labelSelectors' : 'expressionSelectors'
  selector.refuse(
    key,
    'this selects no pod of the workload: the world has no others',
    `Its pods have ${labels.join(', ')}.`,
  )
  return undefined
}

/** Without any, those of the document's own. */
function checkNamespaces(selector: Part, { namespace }: ChaosSurroundings): void {
  const named = selector.texts('namespaces')
  const own = selector.manifest.namespace ?? 'default'
  if (named.includes(namespace) || (named.length === 0 && own === namespace)) return
  const key = named.length > 0 ? 'namespaces' : undefined
  selector.refuse(key, `this selects pods in ${named.join(', ') || own}: the workload is in ${namespace}`)
}

function matches(selector: Part, labels: Readonly<Record<string, string>>): boolean {
  const areEqual = selector.words('labelSelectors').every(([key, value]) => labels[key] === value)
  return areEqual && selector.parts('expressionSelectors').every((expression) => holds(expression, labels))
}

/** As Kubernetes has it: a label that is missing is not in any list. */
function holds(expression: Part, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[expression.text('key')!]
  const isIn = value !== undefined && expression.texts('values').includes(value)
  switch (expression.text('operator')) {
    case 'In':
      return isIn
    case 'NotIn':
      return !isIn
    case 'Exists':
      return value !== undefined
    default:
      return value === undefined
  }
}

const hostLabel = 'kubernetes.io/hostname'
const zoneLabels = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone']

function placeOf(selector: Part, { nodes }: ChaosSurroundings): Pick<FaultSelector, 'node' | 'zone'> {
  const named: (readonly [key: string, node: string])[] = []
  const place: { node?: string; zone?: string } = {}
  for (const node of selector.texts('nodes')) named.push(['nodes', node])
  for (const [key, value] of selector.words('fieldSelectors')) {
    if (key === 'spec.nodeName') named.push(['fieldSelectors', value])
    else selector.refuse('fieldSelectors', `the world does not know the field ${key} of a pod`)
  }
  for (const [key, value] of selector.words('nodeSelectors')) {
    if (key === hostLabel) named.push(['nodeSelectors', value])
    else if (zoneLabels.includes(key)) place.zone = value
    else
      selector.refuse(
        'nodeSelectors',
        `nodes of the world have no label ${key}`,
        `They have ${hostLabel} and ${zoneLabels[0]}.`,
      )
  }
  if (place.zone !== undefined && !nodes.some(({ zone }) => zone === place.zone)) {
    selector.refuse(
      'nodeSelectors',
      `there is no zone ${place.zone}`,
      'Zones are those of `cluster.nodes` in the scenario.',
    )
  }
  for (const [key, node] of named) {
    if (!nodes.some(({ name }) => name === node)) {
      selector.refuse(key, `there is no node ${node}`, 'Nodes are those of `cluster.nodes` in the scenario.')
    } else if (place.node !== undefined && place.node !== node) {
      selector.refuse(key, 'a fault strikes one node or all', 'Write a document for each.')
    }
    place.node = node
  }
  return place
}

/** Which ones is chance in all modes, and parts are rounded down (pkg/selector/generic/mode.go of Chaos Mesh). */
function podShare(spec: Part): PodShare | undefined {
  const mode = spec.text('mode')
  if (mode === 'all') return undefined
  if (mode === 'one') return { count: 1, areDrawn: true }
  const value = spec.text('value') ?? ''
  if (!/^[+-]?\d+$/.test(value)) {
    spec.invalid('value', `parse value field error:strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`)
    return undefined
  }
  const number = Number(value)
  if (mode === 'fixed') {
    if (number <= 0) spec.invalid('value', 'value must be greater than 0 with mode:fixed')
    return { count: number, areDrawn: true }
  }
  if (number <= 0 || number > 100) {
    spec.invalid('value', `value of ${number} is invalid, Must be (0,100] with mode:${mode}`)
  }
  const part = number / 100
  return mode === 'fixed-percent' ? { ratio: part, areDrawn: true } : { mostRatio: part, areDrawn: true }
}

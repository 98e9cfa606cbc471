// What to do about a metric that a query asks for and nothing exposes.
import { type Dialect, isOfRequests } from '../../metrics/dialects/dialect.js'
import { DIALECTS } from '../../metrics/dialects/dialects.js'
import { exposedNames } from '../../metrics/dialects/exposure.js'
import { nearName } from '../../scenario/near-name.js'

export interface MissingMetric {
  readonly message: string
  readonly hint: string
}

/** Undefined when it is there: `names` are all that there are, those that rules record among them. */
export function missingMetric(
  wanted: string,
  dialects: readonly Dialect[],
  names: ReadonlySet<string>,
): MissingMetric | undefined {
  if (names.has(wanted)) return undefined
  const message = `nothing exposes ${wanted} in the ${listed(dialects)} dialects`
  return { message, hint: hintFor(wanted, dialects, names) }
}

export function namesOf(dialects: readonly Dialect[]): readonly string[] {
  return dialects.flatMap(({ families }) => families.flatMap(exposedNames))
}

function hintFor(wanted: string, dialects: readonly Dialect[], names: ReadonlySet<string>): string {
  const others = Object.values(DIALECTS).filter((dialect) => namesOf([dialect]).includes(wanted))
  if (others.length > 0) {
    const belongs = others.length > 1 ? 'other dialects' : 'another dialect'
    return `It belongs to ${belongs}: set observability.dialect to ${others.map(({ name }) => name).join(' or ')}.`
  }
  const parts = ['_bucket', '_sum', '_count'].map((ending) => `${wanted}${ending}`).filter((name) => names.has(name))
  if (parts.length > 0) return `A histogram has no series of that name. Did you mean ${orListed(parts)}?`
  const near = nearName(wanted, names)
  if (near !== undefined) return `Did you mean ${near}?`
  const ofRequests = dialects.flatMap(({ families }) => families.filter(isOfRequests))
  const known = [...new Set(ofRequests.map(({ name }) => name))].join(', ')
  return `There are ${known}, and those of kube-state-metrics and cAdvisor; others go into observability.metrics.`
}

function listed(dialects: readonly Dialect[]): string {
  const names = dialects.map(({ name }) => name)
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function orListed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

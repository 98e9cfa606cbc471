// Whether a request takes a route that a step has added to a router, by its headers and in the router's own terms.

import { Regexp, wholeValueTest } from '../../metrics/regexp/regexp.js'
import { isJsonObject, type JsonObject } from '../../scenario/json.js'
import type { ManagedRoute } from '../../world/cluster/objects.js'

type Headers = Readonly<Record<string, string>>

/** Headers by lower-case name. What a request of a scenario doesn't have, such as a method, it can't be matched by. */
export function takesRequest(kind: string, { match }: Pick<ManagedRoute, 'match'>, headers: Headers): boolean {
  switch (kind) {
    case 'VirtualService':
      return match.some((condition) => fitsAll(condition, headers, istioFits))
    case 'ALB':
      return fitsLoadBalancer(match, headers)
    case 'ApisixRoute':
      return match.every((condition) => fitsAll(condition, headers, apisixFits))
    default:
      return fitsGateway(match, headers)
  }
}

interface Condition {
  readonly exact?: string
  readonly prefix?: string
  readonly regex?: string
}

type Fits = (condition: Condition, value: string) => boolean

function fitsAll(condition: JsonObject, headers: Headers, fits: Fits): boolean {
  const others = Object.keys(condition).filter((key) => key !== 'headers')
  if (others.length > 0) return false
  return headersOf(condition).every(([name, wanted]) => {
    const value = headers[name]
    return value !== undefined && fits(wanted, value)
  })
}

/** The whole value has to fit an expression of Istio. */
function istioFits({ exact, prefix, regex }: Condition, value: string): boolean {
  if (exact !== undefined) return value === exact
  if (prefix !== undefined) return value.startsWith(prefix)
  return regex === undefined || wholeValueTest(regex)(value)
}

/** A part is enough for APISIX, and the controller writes a prefix as an expression without quoting it. */
function apisixFits({ exact, prefix, regex }: Condition, value: string): boolean {
  if (exact !== undefined) return value === exact
  return new Regexp(prefix === undefined ? (regex ?? '') : `^${prefix}.*`).test(value)
}

/** Values of one header are alternatives, headers are not; case doesn't matter, and `*` and `?` are any characters. */
function fitsLoadBalancer(match: readonly JsonObject[], headers: Headers): boolean {
  const all = match.flatMap(headersOf)
  return all.every(([name]) => {
    const value = headers[name]
    if (value === undefined) return false
    return all.some(([other, { exact }]) => other === name && exact !== undefined && fitsWildcards(exact, value))
  })
}

function fitsWildcards(pattern: string, value: string): boolean {
  const quoted = pattern.toLowerCase().replace(/[\\^$.+()[\]{}|]/g, '\\$&')
  return wholeValueTest(quoted.replaceAll('*', '.*').replaceAll('?', '.'))(value.toLowerCase())
}

/** All conditions in one; of those for the same header the first counts. A prefix becomes an expression, unquoted. */
function fitsGateway(match: readonly JsonObject[], headers: Headers): boolean {
  const all = match.flatMap(headersOf)
  return all.every(([name, { exact, prefix, regex }], index) => {
    if (all.findIndex(([other]) => other === name) < index) return true
    const value = headers[name]
    if (value === undefined) return false
    if (exact !== undefined) return value === exact
    return wholeValueTest(prefix === undefined ? (regex ?? '') : `${prefix}.*`)(value)
  })
}

function headersOf({ headers }: JsonObject): readonly (readonly [name: string, condition: Condition])[] {
  if (!isJsonObject(headers)) return []
  return Object.entries(headers).map(([name, condition]) => [name.toLowerCase(), condition as Condition])
}

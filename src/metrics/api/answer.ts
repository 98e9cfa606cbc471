// A request to Prometheus' HTTP API and its answer: pure, whoever listens.
import { ApiError, STATUS } from './api-error.js'
import { federation, targetsText } from './exposition-text.js'
import { plainJson } from './json.js'
import { metadata } from './metadata.js'
import type { Parameters } from './parameters.js'
import { instantQuery, rangeQuery } from './queries.js'
import type { Data, Reply, Request } from './reply.js'
import { alerts, rules } from './rules.js'
import { labelNames, labelValues, series } from './series.js'
import type { Sources } from './sources.js'
import { buildInfo, exemplars, flags, targets } from './status.js'
import { storeStatus } from './store-status.js'

type Endpoint = (parameters: Parameters, sources: Sources) => Data

const API = '/api/v1/'
const reading = ['GET', 'HEAD']

/** Long queries come as forms. */
const byFormToo: Readonly<Record<string, Endpoint>> = {
  query: instantQuery,
  query_range: rangeQuery,
  query_exemplars: exemplars,
  series,
  labels: labelNames,
}

const others: Readonly<Record<string, Endpoint>> = {
  rules,
  alerts,
  metadata,
  targets,
  'status/buildinfo': buildInfo,
  'status/flags': flags,
  'status/tsdb': storeStatus,
}

const pages: Readonly<Record<string, (parameters: Parameters, sources: Sources) => string>> = {
  '/metrics': targetsText,
  '/federate': federation,
  '/-/healthy': () => 'Coalmine is healthy.\n',
  '/-/ready': () => 'Coalmine is ready.\n',
}

export function answer(request: Request, sources: Sources): Reply {
  try {
    const page = own(pages, request.path)
    if (page) {
      requireMethod(request, reading)
      return {
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: page(request.parameters, sources),
      }
    }
    return success(dataFor(request, sources))
  } catch (error) {
    if (error instanceof ApiError) return failure(error)
    throw error
  }
}

function dataFor(request: Request, sources: Sources): Data {
  const { path, parameters } = request
  const name = path.startsWith(API) ? path.slice(API.length) : ''
  const label = /^label\/([^/]+)\/values$/.exec(name)?.[1]
  if (label !== undefined) {
    requireMethod(request, reading)
    return labelValues(label, parameters, sources)
  }
  const withForm = own(byFormToo, name)
  const endpoint = withForm ?? own(others, name)
  if (!endpoint) throw new ApiError('not_found', `Coalmine has nothing at ${path}: it serves ${served}`)
  requireMethod(request, withForm ? [...reading, 'POST'] : reading)
  return endpoint(parameters, sources)
}

const names = [...Object.keys(byFormToo), ...Object.keys(others), 'label/<name>/values'].map((name) => `${API}${name}`)
const served = [...names, ...Object.keys(pages)].join(', ')

function requireMethod({ method, path }: Request, allowed: readonly string[]): void {
  if (!allowed.includes(method)) throw new ApiError('not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}`)
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** So many warnings and infos are told; the rest is counted. */
const mostTold = 10

function success({ json, warnings = [], infos = [] }: Data): Reply {
  const more = [told('warnings', 'warning', warnings), told('infos', 'info', infos)].join('')
  return reply(200, `{"status":"success","data":${json}${more}}`)
}

function told(field: string, word: string, all: readonly string[]): string {
  if (all.length === 0) return ''
  const rest = all.length - mostTold
  const some = all.slice(0, mostTold)
  return `,"${field}":${plainJson(rest > 0 ? [...some, `${rest} more ${word} annotations omitted`] : some)}`
}

function failure({ type, message }: ApiError): Reply {
  return reply(STATUS[type], plainJson({ status: 'error', errorType: type, error: message }))
}

function reply(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body }
}

// HTTPChaos: requests and answers that are cut off, held back or changed on their way into and out of a pod.
import type { Part } from './part.js'
import { durationAt, type Struck } from './struck.js'

export function httpChaos(spec: Part): readonly Struck[] {
  if ((spec.number('port') ?? 0) <= 0) spec.invalid(undefined, 'port 0 is not supported', { hint: 'Write port.' })
  for (const [key, what] of Object.entries(filters)) {
    const isAll = key === 'path' && spec.text(key) === '*'
    if (!spec.has(key) || isAll) continue
    const hint = 'Requests of the world have routes: write a fault with `on: {route: …}`.'
    spec.refuse(key, `the world knows no ${what} of a request`, hint)
  }
  if (spec.has('tls')) spec.warn('tls', 'the world has no TLS to look into: all requests are seen')
  for (const key of ['body', 'queries', 'headers', 'path', 'method']) {
    for (const part of [spec.part('replace'), spec.part('patch')]) {
      if (part?.has(key)) part.refuse(key, `requests and answers of the world have no ${key}`)
    }
  }
  const struck = [...abort(spec), ...delay(spec), ...replacedCode(spec)]
  const acts = ['abort', 'delay', 'replace', 'patch'].some((key) => spec.has(key))
  if (!acts) spec.refuse(undefined, 'this does nothing: it has no abort, delay, replace or patch')
  return struck
}

const filters: Readonly<Record<string, string>> = {
  path: 'path',
  method: 'method',
  code: 'status before it is answered',
  request_headers: 'headers',
  response_headers: 'headers',
}

/** The connection is closed without an answer, which a proxy answers with 502. */
function abort(spec: Part): readonly Struck[] {
  return spec.get('abort') === true ? [{ effect: { kind: 'errors', ratio: 1, status: 502 } }] : []
}

function delay(spec: Part): readonly Struck[] {
  const ms = durationAt(spec, 'delay', 'invalid duration')
  return ms === undefined ? [] : [{ effect: { kind: 'latency', change: { kind: 'add', ms } } }]
}

function replacedCode(spec: Part): readonly Struck[] {
  const replace = spec.part('replace')
  const status = replace?.number('code')
  if (replace === undefined || status === undefined) return []
  if (spec.text('target') === 'Request') {
    replace.refuse('code', 'a request has no status: write target: Response')
  } else if (status < 400 || status > 599) {
    replace.refuse('code', `${status} is no error: to the world such an answer is a good one`)
  }
  return [{ effect: { kind: 'errors', ratio: 1, status } }]
}

// Puts a request as it is written in an access log: `GET /api/v1/query?query=up`, or with a form after the address.
import { answer } from '../../../src/metrics/api/answer.js'
import type { Reply } from '../../../src/metrics/api/reply.js'
import type { Sources } from '../../../src/metrics/api/sources.js'
import { Store } from '../../../src/metrics/store.js'

export function ask(request: string, sources: Partial<Sources> = {}): Reply {
  const [method = '', address = '', form = ''] = request.split(' ')
  const [path = '', query = ''] = address.split('?')
  const parameters = new URLSearchParams(`${form}&${query}`)
  return answer({ method, path, parameters }, { ...quiet, ...sources })
}

const quiet: Sources = {
  store: new Store(),
  nowMs: 0,
  families: [],
  groups: [],
  scrapeIntervalMs: 15_000,
  version: '0.0.0',
  elapsedMs: () => 0,
}

// HAProxy's own exporter. Names, labels and help: addons/promex/service-prometheus.c and src/stats-proxy.c of
// haproxy/haproxy (3.5-dev5); backends are called as pkg/haproxy/types/backends.go of jcmoraisjr/haproxy-ingress (0.17)
// calls them, if the Service's port is the pods' own, frontends as types/frontend.go there. The labels `backend` and
// `frontend` are those of the exporter that came before, under the same names; its source was not read. There are no
// histograms of latency; the averages over the last 1024 requests that it has instead are left out.

import type { Dialect, RequestFamily, StateFamily, Target } from './dialect.js'
import { idle } from './idle-classes.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

const PROXY = proxyPod('ingress-controller', 'haproxy-ingress', 'haproxy-ingress', {
  'app.kubernetes.io/name': 'haproxy-ingress',
})
const METRICS_PORT = 9101
/** What has no status between 100 and 599. */
const OTHER = 'other'

export const HAPROXY: Dialect = {
  name: 'haproxy',
  families: [
    ...familiesOf('backend', ({ server, service, servicePort }) => {
      const name = `${server.namespace}_${service}_${servicePort}`
      return { proxy: name, backend: name }
    }),
    ...familiesOf('frontend', () => ({ proxy: '_front_http', frontend: '_front_http' })),
    upFamily('client', scraped),
  ],
}

/** All of them are there from its start, and the help of the first status stands for all. */
function familiesOf(
  what: string,
  own: (target: Target) => Record<string, string>,
): readonly (RequestFamily | StateFamily)[] {
  const since = 'by this object since the worker process started'
  const common = { quantity: 'requests', side: 'client', type: 'counter', fixed: {}, isThereFromStart: true } as const
  const responses: RequestFamily = {
    ...common,
    name: `haproxy_${what}_http_responses_total`,
    help: `Total number of HTTP responses with status 100-199 returned ${since}`,
    counts: `requests that HAProxy answered, by ${what} and class of status`,
    labels: (target, code) => ({ ...scraped(), ...own(target), code: code === OTHER ? OTHER : `${code[0]}xx` }),
  }
  return [
    responses,
    idle(responses, [OTHER]),
    {
      ...common,
      name: `haproxy_${what}_http_requests_total`,
      help: `Total number of HTTP requests processed ${since}`,
      counts: `requests that HAProxy answered, by ${what}`,
      labels: (target) => ({ ...scraped(), ...own(target) }),
    },
  ]
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}

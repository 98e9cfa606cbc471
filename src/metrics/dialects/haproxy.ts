// HAProxy's own exporter. Names, labels and help: addons/promex and src/stats-proxy.c of haproxy/haproxy; backends are
// called as haproxy-ingress calls them, and by `backend`, too, the label of the exporter that came before. It has no
// histograms of latency; the averages over the last 1024 requests that it has instead are left out.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

const PROXY = proxyPod('ingress-controller', 'haproxy-ingress', 'haproxy-ingress', 'haproxy-ingress')
const METRICS_PORT = 9101

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

/** They are there from its start, and those of statuses that nothing in the world has stay at zero. */
function familiesOf(what: string, own: (target: Target) => Record<string, string>): RequestFamily[] {
  const since = 'by this object since the worker process started'
  const common = { quantity: 'requests', side: 'client', type: 'counter', fixed: {}, isThereFromStart: true } as const
  return [
    {
      ...common,
      name: `haproxy_${what}_http_responses_total`,
      help: `Total number of HTTP responses with status 100-199 returned ${since}`,
      counts: `requests that HAProxy answered, by ${what} and class of status`,
      labels: (target, code) => ({ ...scraped(), ...own(target), code: `${code[0]}xx` }),
    },
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

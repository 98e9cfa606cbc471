// A canary whose metrics are watched: four pods behind a Service, one of them new for ten minutes from the fifth on.
import { rollout, template } from './plans.js'

export const minuteMs = 60_000
export const releaseMs = 5 * minuteMs

export const watched = ['up', 'http_requests_total', 'process_start_time_seconds']

/** Scraped every 15 s; `scrape` says what else of that, and begins with a comma. */
export function scrapedScenario(dialect: string, scrape: string, more: string): string {
  return `
teaches: Nothing.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 20m
traffic: {rate: 200/s}
service: {stable: {errors: 1%, start: 10s}}
observability: {dialect: ${dialect}, scrape: {interval: 15s${scrape}}}
${more}`
}

/** While the canary is there, these queries are asked. */
export function askingPolicy(...queries: string[]): string {
  const templates = queries.map((query, index) =>
    template(`check-${index}`, 'interval: 1m\n      consecutiveErrorLimit: 100', query),
  )
  const names = queries.map((_, index) => `{templateName: check-${index}}`).join(', ')
  const steps = 'steps: [{setWeight: 25}, {pause: {duration: 10m}}]'
  return [rollout(4, `${steps}, analysis: {templates: [${names}]}`, false), ...templates].join('')
}

// What a scenario says of scrapes and nobody would notice, as no query or rule looks there.
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scrape } from '../../scenario/scrape.js'
import type { Observation } from '../observation.js'

export function checkScrape(file: ScenarioFile, scrape: Scrape, observation: Observation, problems: Problems): void {
  const { watches, scrapesPods, queries, rules } = observation
  const place = (...path: (string | number)[]) => file.placeOf(['observability', 'scrape', ...path])
  if (queries.size === 0 && rules.length === 0) {
    const hint = 'Signals are what other monitoring systems say: they go on whatever becomes of Prometheus.'
    for (const index of scrape.gaps.keys()) {
      const message = 'nothing in the policy or the scenario asks Prometheus: this gap changes nothing'
      problems.warning('gap-unseen', place('gaps', index), message, { hint })
    }
  }
  for (const [index, { of }] of scrape.down.entries()) {
    if (of === 'gateway' ? watches.has('client') : scrapesPods) continue
    const [what, down] = of === 'gateway' ? ['the gateway exposes', 'it is'] : [`the ${of} pods expose`, 'they are']
    const message = `no query and no rule looks at what ${what}: that ${down} down changes nothing`
    problems.warning('down-unseen', place('down', index), message)
  }
}

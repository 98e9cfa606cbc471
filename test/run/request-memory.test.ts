// Memory that requests leave behind in a flight, held against how many a pod serves.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { ServedFlight } from '../../src/run/served-flight.js'
import { planOf, rollout } from './plans.js'
import { valuesByPod } from './series.js'

const MB = 1_000_000

/** Four pods share 200 requests a second, each of which leaves 10 kB: half a megabyte a second in each. */
const scenario = (memory: string, more = '') => `
teaches: What requests leave behind.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: 200/s}
service: {stable: {errors: 0%, start: 10s, memory: ${memory}}}
${more}
`

const standing = rollout(4, 'steps: [{setWeight: 0}, {pause: {}}]')

describe('Memory that grows with the requests', () => {
  it('grows with what each pod serves', () => {
    const plan = planOf(scenario('{base: 100M, perRequest: 10k}'), standing, '', { isServed: true })
    new ServedFlight(plan, 1, 'test').advance(12 * 60_000)
    const values = Object.values(valuesByPod(plan, 'container_memory_working_set_bytes{container="shop"}', 8 * 60_000))
    // The newest of what it shows is from up to a beat and a scrape before; nobody is sent to the canary.
    const grown = values.map((bytes) => (bytes - 100 * MB) / (0.5 * MB)).sort((one, other) => one - other)
    expect(grown.length).toBe(4)
    for (const seconds of grown) {
      expect(seconds).toBeGreaterThan(600 - 40)
      expect(seconds).toBeLessThanOrEqual(600)
    }
  })

  it('ends the container at its limit', () => {
    const record = flyRecorded(planOf(scenario('{base: 100M, perRequest: 10k, limit: 400M}'), standing), 1)
    const restarts = record.timeline.flatMap((entry) => (entry.what === 'restart' ? [entry.atMs / 1000] : []))
    // 30,000 requests take a pod 10 minutes from the first second on, which shows at the next beat.
    expect(restarts).toEqual([605, 605, 605, 605])
    // All start at the same time.
    expect(record.blastRadius.requests.failed).toBeGreaterThan(1000)
  })

  it('stays what it is where nobody sends any', () => {
    const { timeline } = flyRecorded(planOf(scenario('{base: 100M, limit: 400M}'), standing), 1)
    expect(timeline.some(({ what }) => what === 'restart')).toBe(false)
  })
})

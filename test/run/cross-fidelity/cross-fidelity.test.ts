// A flow and requests one by one come to the same: 200 random scenarios, each flown by both, and compared quantity by
// quantity. COALMINE_TABLE=1 prints the table.
//
// The level: nothing may be four standard errors apart, by Welch's test and as far out as that is on a normal
// distribution. Of some 3,500 comparisons 0.2 are by chance, so what is further apart is flown once more, by other seeds
// and by four times as many flights: a difference that is real has doubled then, and one by chance is gone but for one
// time in 16,000. Smaller differences that always go the same way show over all scenarios together, where they have to
// be within four standard errors, too; and so have those of spreads. Numbers that never vary must be equal.
//
// What is left out, as a flow says itself that it isn't the same: pods that serve so many requests at once, retries,
// connections that are kept, cookies. Of experiments whose pods get requests users are spread evenly over the rest.
import { describe, expect, it } from 'vitest'
import type { Simulation } from '../../../src/run/simulation.js'
import { apart, apartInSpread } from './comparison.js'
import { fly, type Numbers, simulationOf } from './flights.js'
import { scenarioOf } from './scenarios.js'
import { Table } from './table.js'

const scenarios = 200
const atOnce = 10
const flights = 12
/** So many must have come to something for it to be compared. */
const leastFlights = 4

const table = new Table()

describe('A flow and requests one by one', () => {
  it.each(Array.from({ length: scenarios / atOnce }, (_, index) => index * atOnce))(
    `agree in ${atOnce} scenarios from number %d on`,
    async (first) => {
      const off: string[] = []
      for (let number = first; number < first + atOnce; number++) off.push(...(await disagreements(number)))
      expect(off, 'scenario, quantity, mean of a flow and of requests one by one, standard errors').toEqual([])
    },
  )

  it('differ by chance alone: over all scenarios neither has more of anything, or spreads it wider', () => {
    if (process.env['COALMINE_TABLE']) process.stdout.write(`${table.comparisons} comparisons\n${table}\n`)
    expect(table.comparisons).toBeGreaterThan(3000)
    const leaning = [...table.leanings()].filter((row) => row.slice(1).some((size) => Math.abs(size as number) > 4))
    expect(leaning).toEqual([])
  })
})

async function disagreements(number: number): Promise<string[]> {
  const written = scenarioOf(`cross-fidelity ${number}`)
  const both = await Promise.all((['flow', 'request'] as const).map((fidelity) => simulationOf(written, fidelity)))
  const samples = flyBoth(both, number, 0, flights)
  let again: Samples | undefined
  const off: string[] = []
  for (const quantity of Object.keys(samples[0]![0]!)) {
    const values = valuesOf(samples, quantity)
    if (values === undefined) continue
    const size = apart(...values)
    table.add(quantity, size, apartInSpread(...values))
    if (Math.abs(size) <= 4) continue
    again ??= flyBoth(both, number, flights, 4 * flights)
    const more = valuesOf(again, quantity)
    const sizeAgain = more && apart(...more)
    if (sizeAgain !== undefined && Math.abs(sizeAgain) <= 4) continue
    off.push([number, quantity, ...(more ?? values).map(meanOf), sizeAgain ?? size].join(', '))
  }
  return off
}

/** By fidelity, flights with seeds of their own. */
type Samples = readonly (readonly Numbers[])[]

function flyBoth(both: readonly Simulation[], number: number, from: number, count: number): Samples {
  return both.map((simulation, fidelity) =>
    Array.from({ length: count }, (_, flight) => fly(simulation, (2 * number + fidelity) * 1000 + from + flight)),
  )
}

function valuesOf(samples: Samples, quantity: string): [number[], number[]] | undefined {
  const [one, other] = samples.map((flown) => flown.flatMap((numbers) => numbers[quantity] ?? [])) as [
    number[],
    number[],
  ]
  return Math.min(one.length, other.length) < leastFlights ? undefined : [one, other]
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

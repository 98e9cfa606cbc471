import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  basicCanaryCounts,
  nearestCounts,
  resolveBounds,
  routedCanaryCounts,
  type Sized,
} from '../../../src/policy/argo/replica-counts.js'

describe('The sizes a basic canary aims at', () => {
  it.each(rows('replica-targets.txt'))('%s', (row) => {
    const [replicas, surge, weight, counts] = row.split(' ')
    const { canary, stable } = nearestCounts(Number(replicas), Number(weight), 100, Number(surge))
    expect(`${canary}/${stable}`).toBe(counts)
  })

  it('are none of the canary for exactly the weights that upstream loses without surge', () => {
    const emptied: string[] = []
    for (let replicas = 1; replicas <= 200; replicas++) {
      for (let weight = 51; weight < 100; weight++) {
        if (nearestCounts(replicas, weight, 100, 0).canary === 0) emptied.push(`${replicas} ${weight}`)
      }
    }
    expect(emptied).toEqual(rows('replica-emptied.txt'))
  })

  it('keep a pod on both sides for every weight between the ends, given surge and two replicas', () => {
    for (let replicas = 2; replicas <= 200; replicas++) {
      for (let weight = 1; weight < 100; weight++) {
        const { canary, stable } = nearestCounts(replicas, weight, 100, 1)
        expect(Math.min(canary, stable), `${replicas} replicas at ${weight} %`).toBeGreaterThan(0)
      }
    }
  })
})

describe('One step toward the weight', () => {
  let settings = ''
  const steps = rows('replica-steps.txt').map((row) => {
    const [first, ...rest] = row.split(' | ')
    if (first !== 'then') settings = first!
    return [settings, ...rest].join(' | ')
  })

  it.each(steps)('%s', (row) => {
    const [settings, stable, canary, rest] = row.split(' | ')
    const [replicas, weight, maxSurge, maxUnavailable] = settings!.split(' ')
    const [others, expected] = rest!.split(' -> ')
    const bound = (text: string) => (/^\d+$/.test(text) ? Number(text) : text)
    const counts = basicCanaryCounts({
      ...resolveBounds(Number(replicas), bound(maxSurge!), bound(maxUnavailable!)),
      replicas: Number(replicas),
      weight: Number(weight),
      maxWeight: 100,
      stable: sized(stable!),
      canary: sized(canary!),
      othersSpec: Number(others),
    })
    expect(`${counts.canary} ${counts.stable}`).toBe(expected)
  })
})

describe('Getting to the weight, wave by wave', () => {
  it.each(rows('replica-waves.txt'))('%s', (row) => {
    const [start, waves] = row.split(' :')
    const expected = waves!.trim()
    const seen = wavesFrom(start!)
    if (!expected.includes('…')) return expect(seen.join(' | ')).toBe(expected)
    const [first, last] = expected.split(' | … | ')
    expect(seen.join(' | ').startsWith(first!)).toBe(true)
    expect(seen.at(-1)).toBe(last)
  })
})

describe('Sizes with a router', () => {
  it.each(rows('replica-routed.txt'))('%s', (row) => {
    const [given, expected] = row.split(' -> ')
    const [replicas, minPods, weight] = given!.split(' ')
    const at = { replicas: Number(replicas), weight: Number(weight), maxWeight: 100, minPods: Number(minPods) || 0 }
    const plain = routedCanaryCounts(at)
    const dynamic = routedCanaryCounts({
      ...at,
      isDynamic: true,
      actual: { canary: at.weight, stable: 100 - at.weight },
    })
    expect(`${plain.canary} ${plain.stable} ${dynamic.stable}`).toBe(expected)
  })
})

describe('maxSurge and maxUnavailable', () => {
  it.each([
    [1, 1, 0],
    [2, 1, 0],
    [3, 1, 0],
    [4, 1, 1],
    [5, 2, 1],
    [8, 2, 2],
    [10, 3, 2],
  ])('by default are a quarter of %i replicas: %i and %i pods', (replicas, surge, unavailable) => {
    expect(resolveBounds(replicas)).toEqual({ surge, unavailable })
  })

  it('take every quoted number for a percentage', () => {
    expect(resolveBounds(100, '2', 0)).toEqual({ surge: 2, unavailable: 0 })
  })

  it('let one pod be unavailable when both come to nothing', () => {
    expect(resolveBounds(4, 0, '10%')).toEqual({ surge: 0, unavailable: 1 })
  })

  it('are both nothing when one of them is a word', () => {
    expect(resolveBounds(4, 'abc', 1)).toEqual({ surge: 0, unavailable: 0 })
  })
})

/** Passes with all pods available in between, as the trace table writes them: `s8 c5`, one entry a wave. */
function wavesFrom(text: string): readonly string[] {
  const [replicas, bounds, weight, start] = text.split(' ')
  const [surge, unavailable] = bounds!.split(',').map(Number)
  let [canary, stable] = start!.split('/').map((count) => ({ spec: Number(count), available: Number(count) }))
  const waves: string[] = []
  for (;;) {
    const wave: string[] = []
    for (;;) {
      const counts = basicCanaryCounts({
        replicas: Number(replicas),
        surge: surge!,
        unavailable: unavailable!,
        weight: Number(weight),
        maxWeight: 100,
        canary: canary!,
        stable: stable!,
        othersSpec: 0,
      })
      // Whoever shrinks loses its pods at once; whoever grows waits for the wave to end. Stable goes first.
      if (counts.stable !== stable!.spec) {
        stable = { spec: counts.stable, available: Math.min(stable!.available, counts.stable) }
        wave.push(`s${counts.stable}`)
      } else if (counts.canary !== canary!.spec) {
        canary = { spec: counts.canary, available: Math.min(canary!.available, counts.canary) }
        wave.push(`c${counts.canary}`)
      } else break
    }
    if (wave.length === 0) return waves
    waves.push(wave.join(' '))
    canary = { spec: canary!.spec, available: canary!.spec }
    stable = { spec: stable!.spec, available: stable!.spec }
  }
}

function sized(text: string): Sized {
  const [spec, available] = text.split('/').map(Number)
  return { spec: spec!, available: available! }
}

function rows(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

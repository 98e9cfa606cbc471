// Whatever breaks a law, the program says so with the seed and the line that replays it, and ends with 70.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tellDefect } from '../../src/cli/defect.js'
import { type RunOptions, run } from '../../src/cli/run.js'
import { Heap } from '../../src/kernel/heap.js'
import { Presence } from '../../src/run/presence.js'
import { Audience } from '../../src/world/audience.js'
import { Cells } from '../../src/world/cells.js'
import { StrandSplit } from '../../src/world/cluster/strand-split.js'
import { Flow } from '../../src/world/flow.js'
import { Held } from '../../src/world/held.js'
import { Quota } from '../../src/world/quota.js'
import { Arrivals } from '../../src/world/requests/arrivals.js'
import { ReachedUsers } from '../../src/world/requests/reached-users.js'
import { Requests } from '../../src/world/requests/requests.js'
import { Waiting } from '../../src/world/requests/waiting.js'
import { Standing } from '../../src/world/standing.js'
import { rollout } from '../run/plans.js'

const asked = vi.hoisted(() => ({ tooMuch: 0 }))
vi.mock(import('../../src/policy/argo/rollout.js'), async (original) => {
  const real = await original()
  return { ...real, currentSetWeight: (of) => real.currentSetWeight(of) + asked.tooMuch }
})

const folder = mkdtempSync(join(tmpdir(), 'coalmine-laws-'))
afterAll(() => rmSync(folder, { recursive: true }))
const scenario = (traffic: string) => `teaches: A defect says so.
policy: policy.yaml
release: {at: 2m}
duration: 12m
traffic: {${traffic}}
clients: {timeout: 2s}
faults: [{on: canary, errors: 30%}, {on: stable, latency: +10s, onset: 1m}]
people: [{do: abort, at: 4m}]
`
const line = (second: number) => `203.0.113.7 - - [02/Mar/2026:09:00:0${second} +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n`
const [simple, replaying] = [join(folder, 'simple.yaml'), join(folder, 'replaying.yaml')]
writeFileSync(join(folder, 'policy.yaml'), rollout(4, 'steps: [{setWeight: 25}, {pause: {duration: 5m}}]'))
writeFileSync(simple, scenario('rate: 50/s, users: 500'))
writeFileSync(replaying, scenario('replay: {file: access.log, format: combined}'))
writeFileSync(join(folder, 'access.log'), [1, 2, 2, 5, 5, 5, 7].map(line).join(''))

let said = ''
beforeEach(() => {
  said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
})
afterEach(() => {
  vi.restoreAllMocks()
  asked.tooMuch = 0
  process.exitCode = undefined
})

const flow: RunOptions = { seed: 41, speed: 60, sampleEvery: 100, version: '9.9.9', fidelity: 'flow' }
const request: RunOptions = { ...flow, fidelity: 'request' }

/** As the program does. */
async function fly(path: string, options: RunOptions): Promise<void> {
  await run(path, options).catch((error) => tellDefect(error, options.version))
}

/** The law, how the flight is flown, and what goes wrong on the way. */
const cases: readonly (readonly [law: string, options: RunOptions, breakIt: () => void, path: string])[] = [
  ['what arrives is answered', flow, () => spoil(Standing, 'rateAt', (rate) => 1.001 * rate()), simple],
  ['every request is sent somewhere', flow, loseShares, simple],
  ['every request is sent somewhere', request, loseShares, simple],
  ['every answer is counted once', flow, () => spoil(Held, 'release', (released) => released() + 1), simple],
  ['every answer is counted once', request, () => spoil(Waiting, 'add', () => undefined), simple],
  ['every request of a log is replayed once', flow, replayMore, replaying],
  ['every request of a log is replayed once', request, replayFewer, replaying],
  ['weights sum to the whole', flow, askTooMuch, simple],
  ['no request goes where none is sent', flow, ignoreTheEnd, simple],
  ['no request goes where none is sent', request, ignoreTheEnd, simple],
  ['safe means that no request reaches the canary', flow, sayGoneTooEarly, simple],
  ['safe means that no request reaches the canary', request, sayGoneTooEarly, simple],
  ['time does not go back', flow, () => spoil(Flow, 'finish', (finish) => finish(60_000)), simple],
  ['time does not go back', request, () => spoil(Requests, 'finish', (finish) => finish(60_000)), simple],
  ['no answer is taken back', flow, takeAnswersBack, simple],
  ['harmed <= exposed <= all users', flow, () => spoil(Audience, 'count', () => ({ exposed: 501, harmed: 3 })), simple],
  ['harmed <= exposed <= all users', request, harmTwice, simple],
]

it.each([flow, request])('A flight in which nothing is broken says nothing: $fidelity', async (options) => {
  await fly(simple, options)
  await fly(replaying, options)
  expect(said).not.toContain('defect')
  expect(process.exitCode).toBeUndefined()
})

it.each(cases)('%s', async (law, options, breakIt, path) => {
  breakIt()
  await fly(path, options)
  expect(said).toContain(`BrokenLaw: Broken law: ${law} (`)
  expect(said).toContain(`\n  coalmine run ${path} --seed 41\n`)
  expect(process.exitCode).toBe(70)
})

it('The clock never goes back', async () => {
  spoil(Heap, 'push', (push, timeMs: number, ...more) => push(timeMs > 200_000 ? timeMs / 2 : timeMs, ...more))
  await fly(simple, flow)
  expect(said).toMatch(/\n {2}coalmine run \S+ --seed 41\nRangeError: the clock would go back from \d+ to \d+ ms\n/)
  expect(process.exitCode).toBe(70)
})

it('Of many flights the one is named that broke the law', async () => {
  let flights = 0
  spoil(Flow, 'finish', (finish, timeMs: number) => finish(++flights === 3 ? 60_000 : timeMs))
  await fly(simple, { ...flow, runs: 5 })
  expect(said).toContain(`\n  coalmine run ${simple} --seed 43\n`)
  expect(process.exitCode).toBe(70)
})

function askTooMuch(): void {
  asked.tooMuch = 90
}

function loseShares(): void {
  spoil(StrandSplit, 'update', function (update, ...splitting) {
    update(...splitting)
    this.shares[0]! *= 0.9
  })
}

/** The world goes on as if the router still sent the canary what it was sent. */
function ignoreTheEnd(): void {
  let hasBegun = false
  spoil(Standing, 'split', (split, shares: ArrayLike<number>, ...more) => {
    hasBegun ||= shares[1]! > 0
    if (!hasBegun || shares[1]! > 0) split(shares, ...more)
  })
}

function sayGoneTooEarly(): void {
  vi.spyOn(Presence.prototype, 'goneSinceMs', 'get').mockReturnValue(0)
}

function takeAnswersBack(): void {
  spoil(Cells, 'look', (look, ...looking) => {
    const brought = look(...looking)
    brought.bad[1]! *= -1
    return brought
  })
}

function harmTwice(): void {
  spoil(ReachedUsers, 'add', function (add, ...reached) {
    add(...reached)
    this.harmed += 2
  })
}

function replayMore(): void {
  spoil(Quota, 'begin', (begin, requests: number, ...more) => begin(requests + 1, ...more))
}

function replayFewer(): void {
  spoil(Arrivals, 'take', (take: Method) => {
    take()
    take()
  })
}

// biome-ignore lint/suspicious/noExplicitAny: methods of every kind
type Method = (...args: any[]) => any
type Spoilt<Whole> = (this: Whole, original: Method, ...args: Parameters<Method>) => unknown

/** Lets a method do something else, which is given what it did: called without arguments it does so with its own. */
function spoil<Whole extends object>(of: { prototype: Whole }, method: keyof Whole & string, by: Spoilt<Whole>): void {
  const prototype = of.prototype as Record<string, Method>
  const original = prototype[method]!
  vi.spyOn(prototype, method).mockImplementation(function (this: Whole, ...args: unknown[]) {
    return by.call(this, (...given: unknown[]) => original.apply(this, given.length > 0 ? given : args), ...args)
  })
}

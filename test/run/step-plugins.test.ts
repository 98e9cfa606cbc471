// Step plugins in a flight: the scenario says what they do, and the controller calls them as it calls real ones.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout, tryPlan } from './plans.js'

const scenario = (plugins: string) => `
teaches: What step plugins do.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 30m
traffic: {rate: 20/s}
service: {stable: {start: 10s}}
${plugins}
`
const steps = 'steps: [{plugin: {name: acme/tests}}, {setWeight: 50}]'

const fly = (plugins: string, canary = steps) => flyRecorded(planOf(scenario(plugins), rollout(4, canary)), 1)

/** Whole seconds from the release until the step was completed. */
const completedAfter = (record: ReturnType<typeof fly>) => {
  const done = record.timeline.find(
    (entry) => entry.what === 'event' && /^Rollout step 1\/2 completed/.test(entry.message),
  )
  return Math.floor(done!.atMs / 1000) - 60
}

describe('A step with a plugin', () => {
  it('is completed at once by one that succeeds at once', () => {
    const record = fly('plugins: [{name: acme/tests}]')
    expect(completedAfter(record)).toBe(0)
    expect(record.verdict).toBe('promoted')
  })

  it('waits for one that runs, which is called again after its wish and five seconds more', () => {
    expect(completedAfter(fly('plugins: [{name: acme/tests, after: 19s, requeueAfter: 15s}]'))).toBe(20)
    // The time of a call is kept in whole seconds, so that the next one comes some milliseconds early.
    expect(completedAfter(fly('plugins: [{name: acme/tests, after: 20s, requeueAfter: 15s}]'))).toBe(40)
  })

  it('is called again every 35 seconds where the plugin has no wish, or one below ten seconds', () => {
    expect(completedAfter(fly('plugins: [{name: acme/tests, after: 1s}]'))).toBe(35)
    expect(completedAfter(fly('plugins: [{name: acme/tests, after: 1s, requeueAfter: 10s}]'))).toBe(35)
    expect(completedAfter(fly('plugins: [{name: acme/tests, after: 36s}]'))).toBe(70)
  })

  it('aborts the release when the plugin fails', () => {
    const record = fly('plugins: [{name: acme/tests, phase: Failed, message: 3 of 80 tests}]')
    expect(record).toMatchObject({ verdict: 'aborted', falseAbort: true })
    const said = record.timeline.find((entry) => entry.what === 'rollout' && entry.phase === 'Degraded')
    expect(said).toMatchObject({ message: expect.stringContaining('Step Plugin 1 (acme/tests) failed: 3 of 80 tests') })
  })

  it('is stuck at one that only errs', () => {
    expect(fly('plugins: [{name: acme/tests, phase: Error, message: no route}]').verdict).toBe('stuck')
  })

  it('is passed over where the operator has switched the plugin off', () => {
    const record = fly('plugins: [{name: acme/tests, disabled: true}]')
    expect(completedAfter(record)).toBe(0)
  })
})

describe('A scenario and the plugins of its policy', () => {
  const codes = (plugins: string) => {
    const { problems } = tryPlan(scenario(plugins), rollout(4, steps))
    return problems.map(({ code, line, message, hint }) => ({ code, line, message, hint }))
  }

  it('each one that a step names must be told of, with a hint of how', () => {
    expect(codes('')).toEqual([
      {
        code: 'plugin-unscripted',
        line: 12,
        message: "the scenario doesn't say what the step plugin acme/tests does",
        hint: 'Add to the scenario: plugins: [{name: acme/tests, phase: Successful, after: 30s}].',
      },
    ])
  })

  it('one that no step names is most likely misspelt', () => {
    const [, misspelt] = codes('plugins: [{name: acme/test}]')
    expect(misspelt).toMatchObject({ code: 'plugin-unused', hint: 'Did you mean acme/tests?' })
  })

  it('one is told of once, and what is switched off does nothing', () => {
    const twice = codes('plugins: [{name: acme/tests}, {name: acme/tests}]')
    expect(twice.map(({ message }) => message)).toContain('the plugin acme/tests is told of twice')
    const both = codes('plugins: [{name: acme/tests, disabled: true, after: 1s}]')
    expect(both.map(({ message }) => message)).toContain(
      'a plugin that is disabled is never called: `after` says nothing',
    )
  })
})

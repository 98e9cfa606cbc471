// Which numbers of a policy can be turned, and where each is written.
import { describe, expect, it } from 'vitest'
import { background, rollout, spaceIn, template } from './policy.js'

const steps = `        - setWeight: 10
        - pause: {duration: 3m}
        - setWeight: "25"
        - pause: {}
        - setWeight: 50
        - pause: {duration: 90}
`

const metric = `      interval: 30s
      initialDelay: 1m
      count: 10
      failureLimit: "2"
      successCondition: len(result) == 0 || result[0] >= 0.98 && result[1] < 500
      provider:
        prometheus:
          address: http://prometheus:9090
          query: |
            sum(rate(good_total{path=~"/[a-z]"}[1m]))
            / sum(rate(all_total[1m]))
`

describe('The numbers of a policy', () => {
  const space = spaceIn({ 'rollout.yaml': rollout(steps, background), 'analysis.yaml': template(metric) })

  it('are its weights, pauses and steps, and of its analyses intervals, delays, counts, limits, thresholds and windows', () => {
    const told = space.knobs.map(({ name, place: { file, line, column }, values, current }) => {
      return `${file}:${line}:${column} ${name} = ${values[current]}`
    })
    expect(told).toEqual([
      'rollout.yaml:18:22 steps[0].setWeight = 10',
      'rollout.yaml:19:29 steps[1].pause = 180',
      'rollout.yaml:22:22 steps[4].setWeight = 50',
      'rollout.yaml:23:29 steps[5].pause = 90',
      'rollout.yaml:18:11 steps[0] = 1',
      'rollout.yaml:20:11 steps[2] = 1',
      'rollout.yaml:22:11 steps[4] = 1',
      'analysis.yaml:7:17 success-rate.interval = 30',
      'analysis.yaml:8:21 success-rate.initialDelay = 60',
      'analysis.yaml:9:14 success-rate.count = 10',
      'analysis.yaml:10:21 success-rate.failureLimit = 2',
      'analysis.yaml:11:58 success-rate.successCondition[0] = 0.98',
      'analysis.yaml:11:78 success-rate.successCondition[1] = 500',
      'analysis.yaml:16:49 success-rate.window = 60',
    ])
  })

  it('are round, as people write them, with the written one among them', () => {
    const valuesOf = (name: string) => space.knobs.find((knob) => knob.name === name)!.values
    expect(valuesOf('success-rate.successCondition[0]')).toEqual([
      0.92, 0.94, 0.96, 0.97, 0.975, 0.98, 0.984, 0.987, 0.99, 0.9933, 0.995,
    ])
    expect(valuesOf('success-rate.interval')).toEqual([15, 20, 30, 45, 60, 90, 120, 150, 180, 240])
    expect(valuesOf('steps[1].pause').at(-1)).toBeLessThanOrEqual(1500)
  })

  it('leave out what a person has to end, by name', () => {
    expect(space.unturnable.map(({ name, why, place }) => [name, why, place.line])).toEqual([
      ['steps[3].pause', 'it lasts until a person ends it', 21],
    ])
  })

  it('are those of the argument, where one brings them in', () => {
    const limited = `      failureLimit: "{{args.limit}}"\n      interval: "{{ args.every }}"\n      count: "{{args.times}}"\n`
    const args = `  args: [{name: limit, value: "3"}, {name: every}, {name: times}]\n`
    const given = background.replace('startingStep', 'args: [{name: every, value: 20s}], startingStep')
    const asked = spaceIn({ 'a.yaml': rollout(steps, given), 'b.yaml': template(limited, args) })
    const found = asked.knobs.filter(({ name }) => name.startsWith('success-rate'))
    expect(
      found.map(({ name, place: { file, line }, values, current }) => [name, file, line, values[current]]),
    ).toEqual([
      ['success-rate.interval', 'a.yaml', 16, 20],
      ['success-rate.failureLimit', 'b.yaml', 5, 3],
    ])
    expect(asked.unturnable.map(({ name, why }) => [name, why])).toContainEqual([
      'success-rate.count',
      'argument `times` has no value that is written here',
    ])
  })

  it('are turned once, however many aliases stand for them', () => {
    const twice = `        - setWeight: 10
        - pause: &wait {duration: 1m}
        - setWeight: 20
        - pause: *wait
`
    const names = spaceIn({ 'rollout.yaml': rollout(twice) }).knobs.map(({ name }) => name)
    expect(names.filter((name) => name.endsWith('pause'))).toEqual(['steps[1].pause'])
  })

  it('leave windows alone that differ', () => {
    const other = metric.replace('all_total[1m]', 'all_total[5m]')
    const { unturnable } = spaceIn({ 'a.yaml': rollout(steps, background), 'b.yaml': template(other) })
    expect(unturnable.map(({ name, why }) => [name, why])).toContainEqual([
      'success-rate.window',
      'its windows differ, or look at others',
    ])
  })
})

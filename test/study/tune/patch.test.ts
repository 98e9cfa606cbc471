// Other numbers in the text of a manifest: nothing else is another afterwards, and taken back it is the same to the byte.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { Problems } from '../../../src/scenario/problem.js'
import { parseYaml } from '../../../src/scenario/yaml.js'
import { asWritten, sensible } from '../../../src/study/tune/candidate.js'
import { editsOf } from '../../../src/study/tune/edits.js'
import { type Hunk, hunksOf } from '../../../src/study/tune/patch.js'
import type { Space } from '../../../src/study/tune/space.js'
import { background, rollout, spaceIn, template, textAfter, turned } from './policy.js'

const steps = `        # A few first.
        - setWeight: 10   # one in ten
        - pause: {duration: '3m'}
        # Then more.
        - setWeight: 25
        - pause:
            # Long enough.
            duration: "180"

        - setWeight: 50
        - pause: {duration: 3m}   # and that's it
`
const file = 'rollout.yaml'
const space = spaceIn({ [file]: rollout(steps, background) })

function stepsAfter(values: Readonly<Record<string, number>>): string {
  return textAfter(space, turned(space, values), file).split('      steps:\n')[1]!
}

/** `1m30s` is one, too. */
function asOneNumber(line: string): string {
  return line.replaceAll(/#+/g, '#')
}

describe('A patched manifest', () => {
  it('keeps comments, order, quotes and units', () => {
    expect(stepsAfter({ 'steps[0].setWeight': 5, 'steps[1].pause': 90, 'steps[3].pause': 240 })).toBe(
      steps.replace('10 ', '5 ').replace("'3m'", "'1m30s'").replace('"180"', '"240"'),
    )
  })

  it('loses a dropped step with the comments above it, and the background analysis begins where it did', () => {
    const text = textAfter(space, turned(space, { 'steps[0]': 0 }), file)
    expect(text.split('      steps:\n')[1]).toBe(steps.slice(steps.indexOf('        # Then more.')))
    expect(text).toContain('startingStep: 0}')
    expect(stepsAfter({ 'steps[4]': 0 })).toBe(steps.slice(0, steps.indexOf('        - setWeight: 50')))
    expect(stepsAfter({ 'steps[2]': 0, 'steps[4]': 0 })).toBe(steps.slice(0, steps.indexOf('        # Then more.')))
  })

  it('has a doubled step once more, halfway to the next weight, with the same indentation', () => {
    expect(stepsAfter({ 'steps[0]': 2, 'steps[1].pause': 60 })).toBe(
      steps
        .replace("'3m'", "'1m'")
        .replace(
          '        # Then more.',
          "        - setWeight: 18\n        - pause: {duration: '1m'}\n        # Then more.",
        ),
    )
    expect(stepsAfter({ 'steps[2]': 2 })).toContain(`            duration: "180"
        - setWeight: 38
        - pause:
            # Long enough.
            duration: "180"
`)
    expect(stepsAfter({ 'steps[4]': 2 })).toBe(`${steps}        - setWeight: 75\n        - pause: {duration: 3m}\n`)
  })

  it('is a list in one line still, where it was one', () => {
    const flow = `        [{setWeight: 10}, {pause: {duration: 1m}}, {setWeight: 50}, {pause: {duration: 2m}}]\n`
    const one = spaceIn({ [file]: rollout(flow) })
    const became = (values: Readonly<Record<string, number>>) =>
      textAfter(one, turned(one, values), file).split('      steps:\n')[1]
    expect(became({ 'steps[0]': 0 })).toBe(`        [{setWeight: 50}, {pause: {duration: 2m}}]\n`)
    expect(became({ 'steps[2]': 0 })).toBe(`        [{setWeight: 10}, {pause: {duration: 1m}}]\n`)
    expect(became({ 'steps[0]': 2 })).toBe(
      flow.replace('{duration: 1m}}', '{duration: 1m}}, {setWeight: 30}, {pause: {duration: 1m}}'),
    )
  })

  it('has its thresholds and windows turned inside their texts', () => {
    const metric = `      failureLimit: 1
      successCondition: "result[0] >= 0.98"
      provider:
        prometheus:
          address: http://prometheus:9090
          query: >-
            sum(rate(good_total[1m]))
            / sum(rate(all_total[1m]))
`
    const both = spaceIn({ [file]: rollout(steps, background), 'b.yaml': template(metric) })
    const choices = turned(both, { 'success-rate.successCondition': 0.99, 'success-rate.window': 120 })
    expect(textAfter(both, choices, 'b.yaml')).toBe(template(metric.replace('0.98', '0.99').replaceAll('[1m]', '[2m]')))
  })

  it('keeps line ends as they are', () => {
    const windows = rollout(steps, background).replaceAll('\n', '\r\n')
    const one = spaceIn({ [file]: windows })
    const text = textAfter(one, turned(one, { 'steps[0]': 2, 'steps[1].pause': 60 }), file)
    expect(text.replaceAll('\r\n', '').includes('\n')).toBe(false)
    expect(text).toContain("        - setWeight: 18\r\n        - pause: {duration: '1m'}\r\n        # Then more.")
  })

  it('is the same to the byte where nothing is turned, and read again has the numbers that were meant', () => {
    expect(textAfter(space, asWritten(space), file)).toBe(rollout(steps, background))
    const stream = new Tape(11).stream('patch')
    for (let round = 0; round < 25; round++) {
      const any = space.knobs.map(({ values }) => Math.floor(stream.uniform() * values.length))
      const choices = sensible(space, any)
      if (!choices) continue
      const text = textAfter(space, choices, file)
      const problems = new Problems()
      parseYaml(text, file, 'kubernetes', problems)
      expect(problems.sorted()).toEqual([])
      const again = spaceIn({ [file]: text })
      const weights = again.ramp!.steps.flatMap(({ setWeight }) => (setWeight === undefined ? [] : [Number(setWeight)]))
      expect(weights).toEqual([...new Set(weights)].sort((one, other) => one - other))
      // Comments of steps that stay, stay.
      expect(text.split('\n').slice(0, 13)).toEqual(rollout(steps).split('\n').slice(0, 13))
    }
  })

  it('of every shipped policy has other numbers and nothing else', () => {
    const stream = new Tape(12).stream('shipped')
    for (const shipped of shippedPolicies()) {
      const any = shipped.knobs.map(({ values, kind, current }) =>
        kind === 'steps' ? current : Math.floor(stream.uniform() * values.length),
      )
      const hunks = hunksOf(shipped.sources, editsOf(shipped, any))
      expect(hunks.length).toBeGreaterThan(0)
      const withoutNumbers = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/[\d.]+[hms]?/g, '#'))
      for (const { removed, added } of hunks) {
        expect(withoutNumbers(added).map(asOneNumber)).toEqual(withoutNumbers(removed).map(asOneNumber))
      }
    }
  })

  it('of every shipped policy is shown as patch reads it, without a line that stays', () => {
    const stream = new Tape(13).stream('shown')
    for (const policy of shippedPolicies()) {
      for (let round = 0; round < 12; round++) {
        const any = policy.knobs.map(({ values }) => Math.floor(stream.uniform() * values.length))
        const choices = sensible(policy, any)
        if (!choices) continue
        const hunks = hunksOf(policy.sources, editsOf(policy, choices))
        for (const { text, file } of policy.sources.values()) {
          const own = hunks.filter((hunk) => hunk.file === file)
          const [before, after] = [text.split('\n'), textAfter(policy, choices, file).split('\n')]
          expect(withHunks(before, own)).toEqual(after)
          for (const { newLine, removed, added } of own) {
            expect(after.slice(newLine - 1, newLine - 1 + added.length)).toEqual(added)
            const stay = removed.filter((line, index) => line === added[index])
            // Other numbers may come to a line that was another one's; steps that come or go leave the others alone.
            const isFewest = fewestLines(removed, added) === removed.length + added.length
            expect([stay, isFewest || removed.length === added.length]).toEqual([[], true])
          }
        }
      }
    }
  })

  it('shows a step that comes twice as lines that come, and none that goes', () => {
    const [hunk, ...others] = hunksOf(space.sources, editsOf(space, turned(space, { 'steps[0]': 2 })))
    expect(others).toEqual([])
    expect([hunk!.removed, hunk!.added]).toEqual([[], ['        - setWeight: 18', "        - pause: {duration: '3m'}"]])
  })

  it('shows the lines that changed and no others', () => {
    const choices = turned(space, { 'steps[0].setWeight': 5, 'steps[5].pause': 240 })
    expect(hunksOf(space.sources, editsOf(space, choices))).toEqual([
      {
        file,
        line: 19,
        newLine: 19,
        removed: ['        - setWeight: 10   # one in ten'],
        added: ['        - setWeight: 5   # one in ten'],
      },
      {
        file,
        line: 28,
        newLine: 28,
        removed: ["        - pause: {duration: 3m}   # and that's it"],
        added: ["        - pause: {duration: 4m}   # and that's it"],
      },
    ])
  })
})

function shippedPolicies(): readonly Space[] {
  const scenarios = join(import.meta.dirname, '..', '..', '..', 'scenarios')
  const folders = ['.', 'faults'].flatMap((folder) =>
    readdirSync(join(scenarios, folder))
      .map((name) => join(scenarios, folder, name))
      .filter((path) => existsSync(join(path, 'rollout.yaml'))),
  )
  expect(folders.length).toBeGreaterThan(12)
  return folders.map((folder) => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
    return spaceIn(Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])))
  })
}

/** As patch would put them in. */
function withHunks(lines: readonly string[], hunks: readonly Hunk[]): readonly string[] {
  const after = [...lines]
  for (const { line, removed, added } of [...hunks].reverse()) {
    expect(after.splice(line - 1, removed.length, ...added)).toEqual(removed)
  }
  return after
}

/** Removed and added, by E. W. Myers' search (An O(ND) difference algorithm, 1986). */
function fewestLines(before: readonly string[], after: readonly string[]): number {
  const furthest = new Map([[1, 0]])
  for (let edits = 0; ; edits++) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [below, above] = [furthest.get(diagonal - 1) ?? -1, furthest.get(diagonal + 1) ?? -1]
      let at = diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1
      while (at < before.length && at - diagonal < after.length && before[at] === after[at - diagonal]) at++
      furthest.set(diagonal, at)
      if (at >= before.length && at - diagonal >= after.length) return edits
    }
  }
}

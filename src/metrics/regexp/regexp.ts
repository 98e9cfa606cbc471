// Go's regular expressions (RE2): same matches, same refusals, and no text makes them hang.

import { Machine, type Slots } from './machine.js'
import { looseProperty } from './named-characters.js'
import { parse } from './parse.js'
import { simpleTest } from './pieces.js'
import { program } from './program.js'
import { assertion, concatenation } from './syntax.js'

/**
 * Go's own package, as it is since Go 1.25, which built Prometheus 3.15 and Argo Rollouts 1.10: label_replace, templates
 * and Argo's conditions compile with it.
 */
export class Regexp {
  /** Names of the capture groups, by number from 1 on; unnamed ones are empty. */
  readonly groups: readonly string[]
  readonly #machine: Machine

  /** Throws RegexpError. */
  constructor(pattern: string) {
    const { root, groups } = parse(pattern, {}, looseProperty)
    this.groups = groups
    this.#machine = new Machine(program(root))
  }

  /** Whether it matches anywhere in the text. */
  test(text: string): boolean {
    return this.#machine.run(text, true) !== undefined
  }

  /** What each group took, the whole match first; undefined for a group that took no part. */
  exec(text: string): readonly (string | undefined)[] | undefined {
    const slots = this.#machine.run(text, false)
    return slots === undefined ? undefined : this.groups.map((_, group) => part(text, slots, group))
  }

  /** All matches, one after the other. As in Go, an empty one right after another is none. */
  *all(text: string): Generator<Match> {
    let done = 0
    for (let at = 0; at <= text.length; ) {
      const slots = this.#machine.run(text, false, at)
      if (slots === undefined) return
      const [from = 0, to = 0] = slots
      if (to > done || from === 0) yield { from, to, groups: this.groups.map((_, group) => part(text, slots, group)) }
      done = to
      at = to > at ? to : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
    }
  }
}

export interface Match {
  readonly from: number
  readonly to: number
  /** What each group took, the whole match first. */
  readonly groups: readonly (string | undefined)[]
}

function part(text: string, slots: Slots, group: number): string | undefined {
  const [from = -1, to = -1] = slots.slice(2 * group, 2 * group + 2)
  return to < 0 ? undefined : text.slice(from, to)
}

/**
 * As Prometheus compiles matchers: the whole value must match, and a dot matches a newline, too. They are read by a copy
 * of Go's parser from before 1.25 (github.com/grafana/regexp/syntax).
 */
export function wholeValueTest(pattern: string): (value: string) => boolean {
  const { root } = parse(pattern, { dotMatchesNewline: true })
  const simple = simpleTest(root)
  if (simple !== undefined) return simple
  const machine = new Machine(program(concatenation([assertion('text-begin'), root, assertion('text-end')])))
  return (value) => machine.run(value, true) !== undefined
}

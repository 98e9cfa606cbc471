// Runs a program on a text, all threads in step: time grows with text times program, whatever the expression.

import { has } from './characters.js'
import type { Program } from './program.js'
import type { Assertion } from './syntax.js'

/** Where the groups begin and end, in UTF-16 units; -1 or absent where a group took no part. */
export type Slots = readonly number[]

interface Threads {
  readonly counters: number[]
  readonly slots: Slots[]
}

const NO_SLOTS: Slots = []

export class Machine {
  #current: Threads = { counters: [], slots: [] }
  #next: Threads = { counters: [], slots: [] }
  /** For each instruction the round in which a thread last got there: a second one would only do the same. */
  readonly #visited: Float64Array
  #round = 0
  readonly #startsAtBegin: boolean
  readonly #pending: { counter: number; slots: Slots }[] = []

  constructor(readonly program: Program) {
    this.#visited = new Float64Array(program.length)
    const first = program[0]!
    this.#startsAtBegin = first.op === 'assert' && first.assertion === 'text-begin'
  }

  /** The leftmost match that starts at `from` or later, of those the one the expression prefers; with `isAsked` only whether there is one. */
  run(text: string, isAsked: boolean, from = 0): Slots | undefined {
    let found: Slots | undefined
    let position = from
    this.#reset()
    for (;;) {
      const isStart = position === from || !this.#startsAtBegin
      if (found === undefined && isStart) this.#add(this.#current, 0, isAsked ? NO_SLOTS : [position], text, position)
      if (this.#current.counters.length === 0 && (found !== undefined || this.#startsAtBegin)) return found
      const point = position < text.length ? text.codePointAt(position)! : -1
      const after = position + (point > 0xffff ? 2 : 1)
      found = this.#step(text, point, position, after) ?? found
      if (point < 0 || (isAsked && found !== undefined)) return found
      const used = this.#current
      this.#current = this.#next
      this.#next = used
      used.counters.length = 0
      used.slots.length = 0
      position = after
    }
  }

  #reset(): void {
    for (const { counters, slots } of [this.#current, this.#next]) {
      counters.length = 0
      slots.length = 0
    }
    this.#round += 1
  }

  /** Takes every thread over one character. A thread that matches ends all that come after it in preference. */
  #step(text: string, point: number, position: number, after: number): Slots | undefined {
    const { counters, slots } = this.#current
    this.#round += 1
    for (let i = 0; i < counters.length; i++) {
      const instruction = this.program[counters[i]!]!
      if (instruction.op === 'match') return withSlot(slots[i]!, 1, position)
      if (instruction.op !== 'characters' || point < 0 || !has(instruction.characters, point)) continue
      this.#add(this.#next, counters[i]! + 1, slots[i]!, text, after)
    }
    return undefined
  }

  /** Follows what takes no character, preferred ways first, without recursion: programs can be long. */
  #add(threads: Threads, start: number, slots: Slots, text: string, position: number): void {
    const pending = this.#pending
    pending.push({ counter: start, slots })
    for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
      const { counter } = thread
      if (this.#visited[counter] === this.#round) continue
      this.#visited[counter] = this.#round
      const instruction = this.program[counter]!
      switch (instruction.op) {
        case 'jump':
          pending.push({ counter: instruction.to, slots: thread.slots })
          break
        case 'split':
          pending.push({ counter: instruction.other, slots: thread.slots })
          pending.push({ counter: instruction.preferred, slots: thread.slots })
          break
        case 'save':
          pending.push({
            counter: counter + 1,
            slots: thread.slots === NO_SLOTS ? NO_SLOTS : withSlot(thread.slots, instruction.slot, position),
          })
          break
        case 'assert':
          if (holds(instruction.assertion, text, position)) pending.push({ counter: counter + 1, slots: thread.slots })
          break
        default:
          threads.counters.push(counter)
          threads.slots.push(thread.slots)
      }
    }
  }
}

function withSlot(slots: Slots, slot: number, position: number): Slots {
  const changed = slots.slice()
  while (changed.length <= slot) changed.push(-1)
  changed[slot] = position
  return changed
}

function holds(assertion: Assertion, text: string, position: number): boolean {
  switch (assertion) {
    case 'text-begin':
      return position === 0
    case 'text-end':
      return position === text.length
    case 'line-begin':
      return position === 0 || text[position - 1] === '\n'
    case 'line-end':
      return position === text.length || text[position] === '\n'
    case 'word-boundary':
      return isWord(text, position - 1) !== isWord(text, position)
    case 'no-word-boundary':
      return isWord(text, position - 1) === isWord(text, position)
  }
}

/** ASCII only, as in RE2. */
function isWord(text: string, index: number): boolean {
  return /\w/.test(text.charAt(index))
}

// Go's fmt.Sprintf, Sprint and Sprintln.

import { encodeRune, runeAt } from '../../go/bytes.js'
import type { Value } from '../value/shape.js'
import { plainLayout } from './layout.js'
import { Printer } from './printer.js'

type Arguments = readonly (Value | undefined)[]

export function sprintf(format: string, args: Arguments): string {
  return new Formatter(format, args).run()
}

/** A space comes between two arguments when neither is a string. */
export function sprint(args: Arguments): string {
  const printer = new Printer()
  args.forEach((arg, index) => {
    const isSpaced = index > 0 && arg?.kind !== 'string' && args[index - 1]?.kind !== 'string'
    if (isSpaced) printer.write(' ')
    printer.print(arg, 'v')
  })
  return printer.output
}

export function sprintln(args: Arguments): string {
  const printer = new Printer()
  args.forEach((arg, index) => {
    if (index > 0) printer.write(' ')
    printer.print(arg, 'v')
  })
  printer.write('\n')
  return printer.output
}

/** Widths and precisions beyond are no numbers to Go. */
const MOST = 1_000_000

class Formatter {
  readonly #printer = new Printer()
  #at = 0
  #argument = 0
  /** An argument was chosen by number, so that others may be left over. */
  #isReordered = false
  #isGoodNumber = true
  /** The last thing read was a number in brackets. */
  #isAfterNumber = false

  constructor(
    readonly format: string,
    readonly args: Arguments,
  ) {}

  run(): string {
    while (this.#at < this.format.length) {
      const percent = this.format.indexOf('%', this.#at)
      const end = percent < 0 ? this.format.length : percent
      if (end > this.#at) this.#printer.write(this.format.slice(this.#at, end))
      this.#at = end + 1
      if (percent >= 0) this.#directive()
    }
    if (!this.#isReordered && this.#argument < this.args.length) this.#extra()
    return this.#printer.output
  }

  #directive(): void {
    this.#isGoodNumber = true
    this.#isAfterNumber = false
    this.#printer.layout = plainLayout()
    this.#flags()
    this.#argumentNumber()
    this.#width()
    this.#precision()
    if (!this.#isAfterNumber) this.#argumentNumber()
    if (this.#at >= this.format.length) this.#printer.write('%!(NOVERB)')
    else this.#verb()
  }

  #flags(): void {
    const { layout } = this.#printer
    for (; this.#at < this.format.length; this.#at++) {
      const flag = this.format[this.#at]
      if (flag === '#') layout.sharp = true
      else if (flag === '0') layout.zero = true
      else if (flag === '+') layout.plus = true
      else if (flag === '-') layout.minus = true
      else if (flag === ' ') layout.space = true
      else return
    }
  }

  #width(): void {
    const { layout } = this.#printer
    if (this.format[this.#at] !== '*') {
      layout.width = this.#number()
      if (this.#isAfterNumber && layout.width !== undefined) this.#isGoodNumber = false
      return
    }
    layout.width = this.#star()
    if (layout.width === undefined) this.#printer.write('%!(BADWIDTH)')
    else if (layout.width < 0) {
      layout.width = -layout.width
      layout.minus = true
      layout.zero = false
    }
  }

  #precision(): void {
    if (this.format[this.#at] !== '.' || this.#at + 1 >= this.format.length) return
    const { layout } = this.#printer
    this.#at++
    if (this.#isAfterNumber) this.#isGoodNumber = false
    this.#argumentNumber()
    if (this.format[this.#at] !== '*') {
      layout.precision = this.#number() ?? 0
      return
    }
    const precision = this.#star()
    if (precision !== undefined && precision >= 0) layout.precision = precision
    else this.#printer.write('%!(BADPREC)')
  }

  /** The number that an argument gives for `*`. */
  #star(): number | undefined {
    this.#at++
    this.#isAfterNumber = false
    if (this.#argument >= this.args.length) return undefined
    const arg = this.args[this.#argument++]
    if (arg?.kind !== 'int' && arg?.kind !== 'uint') return undefined
    return arg.value >= -MOST && arg.value <= MOST ? Number(arg.value) : undefined
  }

  /** One too long swallows the rest of the format. */
  #number(): number | undefined {
    const { number, end } = readNumber(this.format, this.#at, this.format.length)
    this.#at = end
    return number
  }

  /** `[2]` chooses the second argument. */
  #argumentNumber(): void {
    this.#isAfterNumber = false
    if (this.format[this.#at] !== '[') return
    this.#isReordered = true
    const close = this.format.indexOf(']', this.#at)
    if (close < 0 || this.format.length - this.#at < 3) {
      this.#at++
      this.#isGoodNumber = false
      return
    }
    const { number, end } = readNumber(this.format, this.#at + 1, close)
    this.#at = close + 1
    const isRead = number !== undefined && end === close
    this.#isAfterNumber = isRead
    if (isRead && number >= 1 && number <= this.args.length) this.#argument = number - 1
    else this.#isGoodNumber = false
  }

  #verb(): void {
    const { layout } = this.#printer
    const { rune, size } = runeAt(this.format, this.#at)
    const verb = encodeRune(rune)
    this.#at += size
    if (verb === '%') this.#printer.write('%')
    else if (!this.#isGoodNumber) this.#printer.write(`%!${verb}(BADINDEX)`)
    else if (this.#argument >= this.args.length) this.#printer.write(`%!${verb}(MISSING)`)
    else {
      if (verb === 'v' || verb === 'w') {
        layout.sharpV = layout.sharp
        layout.plusV = layout.plus
        layout.sharp = false
        layout.plus = false
      }
      this.#printer.print(this.args[this.#argument++], verb)
    }
  }

  #extra(): void {
    this.#printer.layout = plainLayout()
    this.#printer.write('%!(EXTRA ')
    this.args.slice(this.#argument).forEach((arg, index) => {
      if (index > 0) this.#printer.write(', ')
      if (arg !== undefined) this.#printer.write(`${arg.type.name}=`)
      this.#printer.print(arg, 'v')
    })
    this.#printer.write(')')
  }
}

function readNumber(
  text: string,
  from: number,
  to: number,
): { readonly number: number | undefined; readonly end: number } {
  let number: number | undefined
  let at = from
  for (; at < to && /[0-9]/.test(text[at]!); at++) {
    if (number !== undefined && number > MOST) return { number: undefined, end: to }
    number = (number ?? 0) * 10 + Number(text[at])
  }
  return { number, end: at }
}

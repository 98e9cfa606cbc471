// One value as Go's fmt prints it by a verb and a layout.

import { encodeRune, runeCount, runesOf } from '../../go/bytes.js'
import type { FloatFormat } from '../../go/format-float.js'
import { canBackquote, quote, quoteRune } from '../../go/quote.js'
import { MOST_BYTES } from '../limits.js'
import { TemplateError } from '../template-error.js'
import type { Value } from '../value/shape.js'
import { elementsOf, stringOf } from '../value/value.js'
import { type Layout, plainLayout } from './layout.js'
import { type IntegerVerb, layFloatOut, layIntegerOut, layUnicodeOut } from './number.js'

/** Go prints where a pointer points to. Every process has other addresses, so all are the same here. */
const ADDRESS = 0x100000000000n

export class Printer {
  #out = ''
  layout: Layout = plainLayout()
  #isComplaining = false

  get output(): string {
    return this.#out
  }

  write(bytes: string): void {
    if (this.#out.length + bytes.length > MOST_BYTES) throw tooLong()
    this.#out += bytes
  }

  /** Undefined is nil. */
  print(value: Value | undefined, verb: string): void {
    if (value === undefined) {
      if (verb === 'T' || verb === 'v') this.#pad('<nil>')
      else this.#complain(verb, value)
    } else if (verb === 'T') this.#padText(value.type.name)
    else if (verb === 'p') this.#pointer(value, 'p')
    else this.#value(value, verb, 0)
  }

  /** `%!d(string=x)`. */
  #complain(verb: string, value: Value | undefined): void {
    this.#isComplaining = true
    this.write(`%!${verb}(`)
    if (value === undefined) this.write('<nil>')
    else {
      this.write(`${value.type.name}=`)
      this.#value(value, 'v', 0)
    }
    this.write(')')
    this.#isComplaining = false
  }

  #value(value: Value, verb: string, depth: number): void {
    if (this.#printsItself(value, verb)) return
    switch (value.kind) {
      case 'bool':
        if (verb === 't' || verb === 'v') this.#pad(String(value.value))
        else this.#complain(verb, value)
        break
      case 'int':
      case 'uint':
        this.#integer(value.value, verb, value)
        break
      case 'float':
        this.#float(value.value, verb, value)
        break
      case 'string':
        this.#string(value.value, verb, value)
        break
      case 'interface':
        if (value.value !== undefined) this.#value(value.value, verb, depth + 1)
        else this.write(this.layout.sharpV ? `${value.type.name}(nil)` : '<nil>')
        break
      case 'pointer':
        if (depth === 0 && value.value !== undefined && COMPOSED.has(value.value.kind)) {
          this.write('&')
          this.#value(value.value, verb, depth + 1)
        } else this.#pointer(value, verb)
        break
      default:
        this.#composed(value, verb, depth)
    }
  }

  #printsItself(value: Value, verb: string): boolean {
    if (this.#isComplaining) return false
    // %w prints errors only, and no value of a template is one.
    if (verb === 'w') {
      this.#complain(verb, value)
      return true
    }
    const isNil = value.kind === 'pointer' && value.value === undefined
    const methods = value.type.methods ?? value.type.element?.methods
    if (methods === undefined || value.kind === 'slice' || value.kind === 'map') return false
    const receiver = value.kind === 'pointer' ? value.value : value
    if (this.layout.sharpV) {
      if (methods.goText === undefined) return false
      this.#padText(isNil ? '<nil>' : methods.goText(receiver!))
      return true
    }
    if (!'vsxXq'.includes(verb)) return false
    if (isNil) this.write('<nil>')
    else this.#string(methods.text(receiver!), verb, value)
    return true
  }

  #composed(value: Extract<Value, { kind: 'map' | 'slice' | 'struct' }>, verb: string, depth: number): void {
    const { sharpV, plusV } = this.layout
    if (sharpV) this.write(value.type.name)
    if (sharpV && value.value === undefined) {
      this.write('(nil)')
      return
    }
    const [open, close] = sharpV || value.kind === 'struct' ? '{}' : '[]'
    this.write(value.kind === 'map' && !sharpV ? 'map[' : open!)
    const names = value.kind === 'struct' && (plusV || sharpV) ? value.type.fields! : []
    this.#members(value).forEach(([key, member], index) => {
      if (index > 0) this.write(sharpV ? ', ' : ' ')
      if (key !== undefined) {
        this.#value(key, verb, depth + 1)
        this.write(':')
      }
      if (names[index] !== undefined) this.write(`${names[index].name}:`)
      this.#value(member, verb, depth + 1)
    })
    this.write(close!)
  }

  #members(
    value: Extract<Value, { kind: 'map' | 'slice' | 'struct' }>,
  ): readonly (readonly [Value | undefined, Value])[] {
    if (value.kind === 'map') return [...(value.value ?? [])].map(([key, member]) => [stringOf(key), member])
    const members = value.kind === 'slice' ? elementsOf(value) : value.value
    return members.map((member) => [undefined, member])
  }

  #pointer(value: Value, verb: string): void {
    if (!(value.kind === 'pointer' || value.kind === 'map' || value.kind === 'slice')) {
      this.#complain(verb, value)
      return
    }
    const address = value.value === undefined ? 0n : ADDRESS
    if (verb === 'v' && this.layout.sharpV) {
      this.write(`(${value.type.name})(`)
      if (address === 0n) this.write('nil')
      else this.#hex(address, true)
      this.write(')')
    } else if (verb === 'v' && address === 0n) this.#pad('<nil>')
    else if (verb === 'v' || verb === 'p') this.#hex(address, !this.layout.sharp)
    else if ('bodxX'.includes(verb)) this.#integer(address, verb, value)
    else this.#complain(verb, value)
  }

  #hex(value: bigint, hasPrefix: boolean): void {
    this.#padNumber(layIntegerOut(value, 'x', { ...this.layout, sharp: hasPrefix }))
  }

  #integer(value: bigint, verb: string, whole: Value): void {
    if (verb === 'v' && this.layout.sharpV && whole.kind === 'uint') this.#hex(value, true)
    else if ('vdboOxX'.includes(verb)) this.#padNumber(layIntegerOut(value, verb as IntegerVerb, this.layout))
    else if (verb === 'c') this.#pad(encodeRune(runeOf(value)))
    else if (verb === 'q') this.#pad(quoteRune(runeOf(value), this.layout.plus))
    else if (verb === 'U') this.#padNumber(layUnicodeOut(BigInt.asUintN(64, value), this.layout))
    else this.#complain(verb, whole)
  }

  #float(value: number, verb: string, whole: Value): void {
    const format = verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb
    if (!'beEfgGxX'.includes(format)) {
      this.#complain(verb, whole)
      return
    }
    const precision = 'eEf'.includes(format) ? 6 : -1
    const { text, isNumber } = layFloatOut(value, format as FloatFormat, precision, this.layout)
    const { zero, minus, width = 0 } = this.layout
    const isFilled = isNumber && zero && !minus && width > text.length
    if (isNumber && !isFilled) this.#pad(text)
    else if (isFilled) this.#fill(text, width)
    else this.#padNumber(text)
  }

  /** Zeros come between the sign and the digits. */
  #fill(text: string, width: number): void {
    const sign = /^[+ -]/.exec(text)?.[0] ?? ''
    this.#room(width)
    this.write(sign + text.slice(sign.length).padStart(width - sign.length, '0'))
  }

  #string(value: string, verb: string, whole: Value): void {
    const { sharp, plus, sharpV } = this.layout
    if (verb === 's' || (verb === 'v' && !sharpV)) this.#padText(value)
    else if (verb === 'q' || verb === 'v') {
      const text = this.#truncated(value)
      this.#pad(sharp && canBackquote(text) ? `\`${text}\`` : quote(text, plus))
    } else if (verb === 'x') this.#hexBytes(value, '0x', (digits) => digits)
    else if (verb === 'X') this.#hexBytes(value, '0X', (digits) => digits.toUpperCase())
    else this.#complain(verb, whole)
  }

  #hexBytes(bytes: string, mark: string, cased: (digits: string) => string): void {
    const { precision, sharp, space } = this.layout
    const pairs = [...bytes.slice(0, precision)].map((byte) => cased(byte.charCodeAt(0).toString(16).padStart(2, '0')))
    const each = sharp && space ? mark : ''
    const first = sharp && !space && pairs.length > 0 ? mark : ''
    this.#pad(first + pairs.map((pair) => each + pair).join(space ? ' ' : ''))
  }

  #truncated(bytes: string): string {
    const { precision } = this.layout
    if (precision === undefined) return bytes
    let left = precision
    for (const { at } of runesOf(bytes)) if (left-- === 0) return bytes.slice(0, at)
    return bytes
  }

  #padText(bytes: string): void {
    this.#pad(this.#truncated(bytes))
  }

  /** The zeros of a number are its own, or it takes none. */
  #padNumber(text: string): void {
    const { zero } = this.layout
    this.layout.zero = false
    this.#pad(text)
    this.layout.zero = zero
  }

  #pad(bytes: string): void {
    const { width = 0, minus, zero } = this.layout
    const missing = width - runeCount(bytes)
    if (missing <= 0) {
      this.write(bytes)
      return
    }
    this.#room(missing)
    const padding = (zero && !minus ? '0' : ' ').repeat(missing)
    this.write(minus ? bytes + padding : padding + bytes)
  }

  /** Before a text of that length is made only to be refused. */
  #room(length: number): void {
    if (this.#out.length + length > MOST_BYTES) throw tooLong()
  }
}

const COMPOSED: ReadonlySet<string> = new Set(['map', 'slice', 'struct'])

export function tooLong(): TemplateError {
  return new TemplateError(`text of more than ${MOST_BYTES} bytes is not supported`)
}

/** Numbers that are no character print as U+FFFD. */
function runeOf(value: bigint): number {
  return value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd
}

// Go's %q: how its messages print a piece of text.

import { toBytes } from './text.js'

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

export function quote(text: string): string {
  let out = '"'
  for (const character of text) out += SHORT[character] ?? (PRINTABLE.test(character) ? character : escaped(character))
  return `${out}"`
}

/** The time package's own way, byte by byte. */
export function quoteBytes(text: string): string {
  let out = '"'
  for (const byte of toBytes(text)) {
    const character = String.fromCharCode(byte)
    if (byte < 0x20 || byte >= 0x80) out += `\\x${hex(byte, 2)}`
    else out += character === '"' || character === '\\' ? `\\${character}` : character
  }
  return `${out}"`
}

function escaped(character: string): string {
  const point = character.codePointAt(0)!
  if (point < 0x80 || (point >= 0xdc80 && point <= 0xdcff)) return `\\x${hex(point & 0xff, 2)}`
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}

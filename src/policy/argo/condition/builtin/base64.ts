// Standard base64 of a string's bytes.

import { Panic } from '../value/panic.js'
import { fromBytes, toBytes } from '../value/text.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function encodeBase64(text: string): string {
  const bytes = toBytes(text)
  let out = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63]!).join('')
    const held = Math.min(3, bytes.length - at)
    out += digits.slice(0, held + 1).padEnd(4, '=')
  }
  return out
}

export function decodeBase64(text: string): string {
  const bytes: number[] = []
  const source = toBytes(text)
  const digits: number[] = []
  let at = 0
  while (at < source.length) {
    const byte = source[at]!
    const digit = byte === 0x3d ? -1 : ALPHABET.indexOf(String.fromCharCode(byte))
    if (byte === 0x0a || byte === 0x0d) at++
    else if (byte === 0x3d) return fromBytes(padded(bytes, digits, source, at))
    else if (digit < 0) throw illegal(at)
    else {
      digits.push(digit)
      at++
      if (digits.length === 4) bytes.push(...whole(digits.splice(0)))
    }
  }
  if (digits.length > 0) throw illegal(at - digits.length)
  return fromBytes(bytes)
}

/** The padding that ends the text: one = after three digits, two after two. */
function padded(bytes: number[], digits: number[], source: readonly number[], start: number): number[] {
  if (digits.length < 2) throw illegal(start)
  const skip = (from: number) => {
    let at = from
    while (source[at] === 0x0a || source[at] === 0x0d) at++
    return at
  }
  let at = skip(start + 1)
  if (digits.length === 2) {
    if (at >= source.length) throw illegal(source.length)
    if (source[at] !== 0x3d) throw illegal(at - 1)
    at = skip(at + 1)
  }
  if (at < source.length) throw illegal(at)
  const held = digits.length - 1
  return [...bytes, ...whole([...digits, 0, 0]).slice(0, held)]
}

function whole(digits: readonly number[]): number[] {
  const bits = (digits[0]! << 18) | (digits[1]! << 12) | (digits[2]! << 6) | digits[3]!
  return [(bits >> 16) & 0xff, (bits >> 8) & 0xff, bits & 0xff]
}

function illegal(at: number): Panic {
  return new Panic(`illegal base64 data at input byte ${at}`)
}

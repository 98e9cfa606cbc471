// Builtins on strings.

import type { Frame } from '../program/frame.js'
import { toInteger } from '../value/arithmetic.js'
import { ANY_SLICE, STRING_SLICE } from '../value/go-type.js'
import { Panic } from '../value/panic.js'
import { byteLength, mapLetters, trimSpace } from '../value/text.js'
import { asString, type GoValue, type Int, int, Slice, strings, typeOf } from '../value/value.js'

type Args = readonly GoValue[]

export function trim([value, cutset]: Args): string {
  const text = asString(value!)
  if (cutset === undefined) return trimSpace(text)
  const cut = new Set(asString(cutset))
  const characters = [...text]
  let from = 0
  let to = characters.length
  while (from < to && cut.has(characters[from]!)) from++
  while (to > from && cut.has(characters[to - 1]!)) to--
  return characters.slice(from, to).join('')
}

export function trimPrefix([value, part]: Args): string {
  const prefix = part === undefined ? ' ' : asString(part)
  const text = asString(value!)
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

export function trimSuffix([value, part]: Args): string {
  const suffix = part === undefined ? ' ' : asString(part)
  const text = asString(value!)
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}

export function upper(value: GoValue): string {
  return mapLetters(asString(value), (letter) => letter.toUpperCase())
}

export function lower(value: GoValue): string {
  return mapLetters(asString(value), (letter) => letter.toLowerCase())
}

/** At most `limit` parts, the last of which is the rest; splitAfter() keeps the separators. */
export function split([value, separator, limit]: Args, keep: boolean): Slice {
  const text = asString(value!)
  const between = asString(separator!)
  const most = limit === undefined ? -1 : Number(toInteger(limit))
  if (most === 0) return new Slice(STRING_SLICE, [], true)
  const parts = between === '' ? [...text] : text.split(between)
  const glue = between
  const shown =
    most < 0 || parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(glue)]
  return strings(keep ? shown.map((part, at) => (at < shown.length - 1 ? part + glue : part)) : shown)
}

/** An empty `old` stands before every character and at the end. */
export function replace([value, old, replacement, limit]: Args): string {
  const text = asString(value!)
  const searched = asString(old!)
  const inserted = asString(replacement!)
  const most = limit === undefined ? -1 : Number(toInteger(limit))
  const parts = searched === '' ? ['', ...text, ''] : text.split(searched)
  // The empty string at both ends yields one gap too many.
  if (searched === '') parts.pop()
  const gaps = searched === '' ? parts.length : parts.length - 1
  const count = most < 0 ? gaps : Math.min(most, gaps)
  if (searched !== '') return parts.reduce((out, part, at) => out + (at <= count ? inserted : searched) + part)
  return parts.map((part, at) => part + (at < count ? inserted : '')).join('')
}

export function repeat([value, times]: Args, frame: Frame): string {
  const text = asString(value!)
  const count = toInteger(times!)
  if (count < 0) throw new Panic(`invalid argument for repeat (expected positive integer, got ${count})`)
  if (count > 1e6) throw new Panic('memory budget exceeded')
  frame.grow(byteLength(text) * Number(count))
  return text.repeat(Number(count))
}

export function join([items, glue]: Args): string {
  const between = glue === undefined ? '' : asString(glue)
  if (items instanceof Slice && (items.type === ANY_SLICE || items.type === STRING_SLICE)) {
    return items.items.map(asString).join(between)
  }
  throw new Panic(`invalid argument for join (type ${typeOf(items!)?.name ?? '%!s(<nil>)'})`)
}

export function indexOf([value, part]: Args): Int {
  const text = asString(value!)
  return byteIndex(text, text.indexOf(asString(part!)))
}

export function lastIndexOf([value, part]: Args): Int {
  const text = asString(value!)
  return byteIndex(text, text.lastIndexOf(asString(part!)))
}

function byteIndex(text: string, at: number): Int {
  return int(at < 0 ? at : byteLength(text.slice(0, at)))
}

// encoding/json's Marshal: the value of a web measurement, and toJSON().

import { formatGoFloat } from '../../../../metrics/float.js'
import { formatRfc3339 } from '../time/instant.js'
import { sortedEntries } from './format.js'
import { Panic } from './panic.js'
import { AnyMap, Func, type GoValue, Instant, Int, Slice, StringMap, Struct } from './value.js'

/** With an indent, as MarshalIndent. */
export function encodeJson(value: GoValue, indent = ''): string {
  return encode(value, indent, indent === '' ? '' : '\n')
}

function encode(value: GoValue, indent: string, newline: string): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return encodeFloat(value)
  if (typeof value === 'string') return encodeString(value)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Int) return String(value.value)
  if (value instanceof Slice) return encodeList(value, indent, newline)
  if (value instanceof StringMap) return encodeMap(value, indent, newline)
  if (value instanceof Struct) return encodeMap(new StringMap(value.fields), indent, newline)
  if (value instanceof Instant) return encodeString(formatRfc3339(value))
  if (value instanceof Func || value instanceof AnyMap) throw new Panic(`json: unsupported type: ${value.type.name}`)
  return '{}'
}

/** JavaScript writes doubles as Go's JSON does, but for the sign of zero and the values JSON has not. */
function encodeFloat(value: number): string {
  if (!Number.isFinite(value)) throw new Panic(`json: unsupported value: ${formatGoFloat(value)}`)
  return Object.is(value, -0) ? '-0' : String(value)
}

function encodeList(value: Slice, indent: string, newline: string): string {
  if (value.isNil) return 'null'
  const items = value.items.map((item) => encode(item, indent, newline + indent))
  return enclose('[', items, ']', indent, newline)
}

function encodeMap(value: StringMap, indent: string, newline: string): string {
  const colon = newline === '' ? ':' : ': '
  const items = sortedEntries(value).map(
    ([key, held]) => encodeString(key) + colon + encode(held, indent, newline + indent),
  )
  return enclose('{', items, '}', indent, newline)
}

function enclose(open: string, items: readonly string[], close: string, indent: string, newline: string): string {
  if (items.length === 0) return open + close
  return (
    open +
    newline +
    (newline === '' ? '' : indent) +
    items.join(`,${newline}${newline === '' ? '' : indent}`) +
    newline +
    close
  )
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** Marshal also escapes what would be unsafe inside HTML or JavaScript. Bytes that are no character become U+FFFD. */
function encodeString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
  const escaped = text.replace(/["\\\0-\x1f<>&\u2028\u2029]|[\udc80-\udcff](?<![\ud800-\udbff].)/g, (character) => {
    const code = character.charCodeAt(0)
    if (code >= 0xdc80 && code <= 0xdcff) return '\\ufffd'
    return SHORT[character] ?? `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

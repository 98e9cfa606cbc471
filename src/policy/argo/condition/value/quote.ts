// Go's %q: how its messages print a piece of text.
import { fromBytes, toBytes } from '../../../../metrics/go/bytes.js'
import { quote as quoted } from '../../../../metrics/go/quote.js'

export function quote(text: string): string {
  return fromBytes(quoted(toBytes(text)))
}

/** The time package's own way, byte by byte. */
export function quoteBytes(text: string): string {
  let out = '"'
  for (const character of toBytes(text)) {
    const byte = character.charCodeAt(0)
    if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`
    else out += character === '"' || character === '\\' ? `\\${character}` : character
  }
  return `${out}"`
}

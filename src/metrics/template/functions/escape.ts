// Texts made safe for HTML, JavaScript and the query of a URL, as Go's templates do it. All of them are bytes.
import { encodeRune, runesOf } from '../../go/bytes.js'
import { isPrintable } from '../../go/quote.js'

const HTML: Readonly<Record<string, string>> = {
  '\0': '\xef\xbf\xbd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

export function escapeHtml(bytes: string): string {
  return bytes.replace(/[\0"'&<>]/g, (character) => HTML[character]!)
}

export function escapeJs(bytes: string): string {
  let out = ''
  for (const { rune } of runesOf(bytes)) {
    const character = encodeRune(rune)
    if (character === '\\' || character === "'" || character === '"') out += `\\${character}`
    else if (rune < 0x20 || '<>&='.includes(character) || !(rune < 0x80 || isPrintable(rune))) out += unicode(rune)
    else out += character
  }
  return out
}

/** Also what a template's function urlQueryEscape does. */
export function escapeQuery(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-_.~]/g, (byte) => {
    return byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

function unicode(rune: number): string {
  return `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`
}

// What must be true of a text before a YAML reader may see it.
import { type Place, type Problems, wholeFile } from './problem.js'

/**
 * The text without its byte order mark and with every line end as the reader knows it, each character at its old
 * offset but for the mark; undefined (and a problem) if a character in it is none that YAML allows.
 */
export function cleanText(text: string, file: string, problems: Problems): string | undefined {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text
  for (let offset = 0; offset < bare.length; offset++) {
    if (isAllowed(bare, offset)) continue
    if (bare[offset] === '\0' && offset < 4) {
      const hint = 'It looks like UTF-16: save it as UTF-8.'
      problems.error('yaml-encoding', wholeFile(file), 'this is no UTF-8 text', { hint })
    } else {
      const code = bare.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')
      problems.error('yaml-character', placeOf(bare, offset, file), `the character U+${code} is not allowed in YAML`, {
        hint: 'Write it as an escape in double quotes, or remove it.',
      })
    }
    return undefined
  }
  // A carriage return alone and U+0085 end a line for the API server, but not for every reader.
  return /[\r\x85]/.test(bare) ? bare.replace(/\r(?!\n)|\x85/g, '\n') : bare
}

/** As go.yaml.in/yaml v2 has it: no control characters but tab and line ends, no half of a surrogate pair. */
function isAllowed(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset)
  if (code < 0x7f) return code >= 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
  if (code < 0xa0) return code === 0x85
  if (code >= 0xdc00 && code <= 0xdfff) return isHalf(text.charCodeAt(offset - 1), 0xd800)
  if (code >= 0xd800 && code < 0xdc00) return isHalf(text.charCodeAt(offset + 1), 0xdc00)
  return code < 0xfffe
}

function isHalf(code: number, first: number): boolean {
  return code >= first && code < first + 0x400
}

function placeOf(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: before.at(-1)!.length + 1 }
}

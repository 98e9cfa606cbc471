// Regular expressions in templates: match and reReplaceAll.

import { fromBytes, toBytes } from '../../go/bytes.js'
import { canBackquote, quote } from '../../go/quote.js'
import { RegexpError } from '../../regexp/error.js'
import { type Match, Regexp } from '../../regexp/regexp.js'
import { tooLong } from '../format/printer.js'
import { refuse } from '../functions/function.js'
import { MOST_BYTES } from '../limits.js'

export function matches(pattern: string, bytes: string): boolean {
  return compiled(pattern, (message) => message).test(fromBytes(bytes, 'kept'))
}

export function replaceAll(pattern: string, replacement: string, bytes: string): string {
  const shown = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern)
  const regexp = compiled(pattern, (message) => `regexp: Compile(${shown}): ${message}`)
  const text = fromBytes(bytes, 'kept')
  const template = fromBytes(replacement, 'kept')
  let out = ''
  let done = 0
  for (const match of regexp.all(text)) {
    out += text.slice(done, match.from) + substituted(template, match, regexp.groups)
    done = match.to
    if (out.length > MOST_BYTES) throw tooLong()
  }
  return toBytes(out + text.slice(done))
}

function compiled(pattern: string, complaint: (message: string) => string): Regexp {
  try {
    return new Regexp(fromBytes(pattern, 'kept'))
  } catch (error) {
    if (error instanceof RegexpError) return refuse(complaint(toBytes(error.message)))
    throw error
  }
}

/** `$1`, `$name`, `${name}` and `$$`; a dollar before anything else is a dollar. */
function substituted(template: string, { groups }: Match, names: readonly string[]): string {
  return template.replace(/\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (_, dollar, plain, braced) => {
    return dollar ?? groupOf(plain ?? braced, groups, names)
  })
}

function groupOf(name: string, groups: Match['groups'], names: readonly string[]): string {
  if (/^(?:0|[1-9][0-9]{0,8})$/.test(name)) return groups[Number(name)] ?? ''
  const index = names.findIndex((known, at) => known === name && groups[at] !== undefined)
  return groups[index] ?? ''
}

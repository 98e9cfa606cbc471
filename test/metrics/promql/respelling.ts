// The same query as another hand would write it: blanks, comments, quotes, escapes, quoted names, odd numbers.

import type { Chance } from '../../conformance/chance.js'
import { TOKEN } from './mutation.js'

const BLANKS = ['\n', '\t', '  ', '\r\n', ' # says "it (\n', '#\n', '\n#\n# {\n\t']
const NUMBERS = [
  ...'0b101 0x1p4 0X_1F 1_0.5 0x.8p1 1e 1e+ 1h30 1y 1w 1e-400 1e310 00 1.e3 5m30s 1ms1s 1d12h 0o17 09 0x'.split(' '),
  ...'1_ _1 1__0 0_1 .5e1 .e1 1.5.2 2.3e-308 1.7976931348623157e308 9007199254740993 18446744073709551616'.split(' '),
  ...'-5m +5m 292y 293y 0s 0.9ms 1h1h 1m1h infinity iNf nAn 0x1.8p-1 0b12 1e1_0 1E+05 1000000h 5M'.split(' '),
]

const KEYWORDS = [
  ...'and or unless atan2 on ignoring by without bool offset group_left group_right start end step range'.split(' '),
  ...'fill fill_left min_of max_of anchored smoothed sum limitk inf nan info rate time le a:b :a a: histogram'.split(
    ' ',
  ),
]

export function respelt(chance: Chance, text: string): string {
  let spelt = text
  for (let changes = 1 + chance.below(3); changes > 0; changes--) spelt = changed(chance, spelt)
  return spelt
}

function changed(chance: Chance, text: string): string {
  switch (chance.below(6)) {
    case 0:
      return text.replace(/\b(\w+)\{/, '{"$1",')
    case 1:
      return text.replace(/\b(\w+)(\s*)(=~|!~|!=|=)(["'`])/, '"$1"$2$3$4')
    case 2:
      return text.replace(/\b(by|without|on|ignoring|group_left|group_right) \((\w+)/i, '$1 ("$2"')
    default:
      return atToken(chance, text)
  }
}

function atToken(chance: Chance, text: string): string {
  const tokens = text.match(TOKEN) ?? ['']
  const at = chance.below(tokens.length)
  const token = tokens[at]!
  if (/^["']./.test(token)) tokens[at] = escapedSomewhere(chance, token)
  else if (/^\.?\d/.test(token)) tokens[at] = chance.oneOf(NUMBERS)
  else if (/^\s/.test(token)) tokens[at] = chance.oneOf(BLANKS)
  else if (/^\w/.test(token) && chance.happens(0.5)) tokens[at] = chance.oneOf(KEYWORDS)
  else tokens.splice(at, 0, chance.oneOf(BLANKS))
  return tokens.join('')
}

function escapedSomewhere(chance: Chance, quoted: string): string {
  const at = 1 + chance.below(quoted.length - 1)
  const code = quoted.charCodeAt(at)
  const hex = code.toString(16)
  const escaped = chance.oneOf([
    `\\x${hex.padStart(2, '0')}`,
    `\\u${hex.padStart(4, '0')}`,
    `\\U${hex.padStart(8, '0')}`,
    `\\${code.toString(8).padStart(3, '0')}`,
    ...['\\n', '\\\\', '\\"', "\\'", 'é', '\\u00e9', '\\ud800', '\\a', '\\xff', '\\400', '\\U00110000'],
  ])
  return `${quoted.slice(0, at)}${escaped}${quoted.slice(at + 1)}`
}

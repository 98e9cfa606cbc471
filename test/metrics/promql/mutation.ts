// Small damage to a text: what a hand that slips does to a query.

import type { Chance } from '../../conformance/chance.js'

export const TOKEN = /"(?:[^"\\]|\\.)*"|[\w.:]+|\s+|[=!<>~]+|./gsu

const STRANGE = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '[5m]',
    '[5m:]',
    '[:1m]',
    ',',
    ',,',
    ';',
    '"',
    "'",
    '`',
    '#',
    '\\',
    '$',
    '?',
    '&',
    '|',
  ],
  ...[
    '@',
    '@ start()',
    '@ end',
    'offset',
    'offset 5m',
    'by',
    'by (job)',
    'without',
    'on',
    'on (job)',
    'ignoring ()',
    'bool',
  ],
  ...[
    'group_left',
    'group_right ()',
    'and',
    'or',
    'unless',
    'atan2',
    '==',
    '=',
    '=~',
    '!~',
    '!=',
    '!',
    '~',
    '<',
    '</',
    '>/',
  ],
  ...[
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    '0x',
    '1e',
    '5m5m',
    '1h1d',
    '1.5m',
    '0b1',
    '1__0',
    '99999999999y',
    '1e400',
    'Inf',
    'NaN',
  ],
  ...['sum', 'rate', 'topk', 'nosuch', 'time', 'time()', 'limitk', 'info', 'start()', 'holt_winters', 'mad_over_time'],
  ...[
    'sum(',
    'rate(',
    'f()',
    '"\\q"',
    '"\\xff"',
    'é',
    '\u{1f424}',
    '\u0000',
    '\ufeff',
    '\n',
    '\t',
    ':',
    'a:b',
    '_',
    '{}',
    '{a="b"}',
    '()',
  ],
  ...[
    '{__name__="up"}',
    '{a=~"("}',
    '{a=~"[z-a]"}',
    '{a!="",}',
    '{,}',
    '{"a"}',
    'fill(0)',
    'anchored',
    'smoothed',
    'min_of(1,2)',
  ],
]

/** `texts` are others of its kind, whose parts may be taken over. */
export function mutated(chance: Chance, text: string, texts: readonly string[]): string {
  const tokens = text.match(TOKEN) ?? ['']
  const at = chance.below(tokens.length)
  switch (chance.below(9)) {
    case 0:
      tokens.splice(at, 1)
      break
    case 1:
      tokens.splice(at, 0, chance.oneOf(STRANGE))
      break
    case 2:
      tokens[at] = chance.oneOf(STRANGE)
      break
    case 3: {
      const other = chance.below(tokens.length)
      ;[tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!]
      break
    }
    case 4:
      tokens.splice(at, 0, ...tokens.slice(at, at + 1 + chance.below(4)))
      break
    case 5:
      tokens.length = at
      break
    case 6: {
      const others = chance.oneOf(texts).match(TOKEN) ?? ['']
      const from = chance.below(others.length)
      tokens.splice(at, chance.below(4), ...others.slice(from, from + 1 + chance.below(5)))
      break
    }
    case 7: {
      const characters = [...text]
      characters.splice(chance.below(characters.length + 1), chance.below(3))
      return characters.join('')
    }
    default: {
      const characters = [...text]
      characters.splice(
        chance.below(characters.length + 1),
        chance.below(2),
        String.fromCharCode(32 + chance.below(95)),
      )
      return characters.join('')
    }
  }
  return tokens.join('')
}

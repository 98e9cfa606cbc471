// Escapes in a regular expression that stand for one character.

export class RegexpError {
  readonly message: string

  constructor(code: string, culprit: string) {
    this.message = `error parsing regexp: ${code}: \`${culprit}\``
  }
}

interface EscapedPoint {
  readonly point: number
  readonly to: number
}

const LETTERS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** The character that the escape at `at` stands for. */
export function readEscape(pattern: string, at: number): EscapedPoint {
  const rest = pattern.slice(at + 1)
  if (rest === '') throw new RegexpError('trailing backslash at end of expression', '')
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
  if (octal !== null) return { point: Number.parseInt(octal[0], 8), to: at + 1 + octal[0].length }
  const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest)
  if (hex !== null) {
    const point = Number.parseInt(hex[1] ?? hex[2]!, 16)
    if (point <= 0x10ffff) return { point, to: at + 1 + hex[0].length }
  }
  const character = String.fromCodePoint(rest.codePointAt(0)!)
  const letter = LETTERS[character]
  if (letter !== undefined) return { point: letter, to: at + 2 }
  if (character < '\x80' && !/[A-Za-z0-9]/.test(character)) return { point: character.charCodeAt(0), to: at + 2 }
  throw new RegexpError('invalid escape sequence', pattern.slice(at, at + 1) + unreadable(rest, character))
}

/** As much of the escape as Go had read when it gave up. */
function unreadable(rest: string, character: string): string {
  if (character !== 'x') return character
  const braced = /^x\{[0-9a-fA-F]*.?/su.exec(rest)
  return braced?.[0] ?? /^x.?(?:(?<=[0-9a-fA-F]).?)?/su.exec(rest)![0]
}

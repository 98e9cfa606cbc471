// Where a character of a YAML text stands in the file: quotes, escapes, indentation and folded lines lie between.

/** `start` is where the scalar begins, `index` counts the characters of its value. */
export function offsetWithin(source: string, start: number, value: string, index: number): number {
  const mark = source[start]
  const isBlock = mark === '|' || mark === '>'
  let at = isBlock ? source.indexOf('\n', start) + 1 : start + (mark === '"' || mark === "'" ? 1 : 0)
  for (let each = 0; each < value.length; each++) {
    const character = value[each]!
    const isBlank = isBlankAt(value, each)
    // Blanks are as many as folding and indentation leave of them: all stand where the first one does.
    if (!isBlank) while (isBlankAt(source, at)) at++
    const isEscape = mark === '"' && source[at] === '\\'
    if (!isBlank && !isEscape) while (at < source.length && source[at] !== character) at++
    if (at >= source.length) return start
    if (each === index) return at
    if (isEscape) at += escapeLength(source, at)
    else if (!isBlank) at++
    if (mark === "'" && character === "'" && source[at] === "'") at++
  }
  return at
}

function isBlankAt(text: string, index: number): boolean {
  const character = text[index]
  return character === ' ' || character === '\n' || character === '\t' || character === '\r'
}

const ESCAPE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escapeLength(source: string, at: number): number {
  return 2 + (ESCAPE_DIGITS[source[at + 1] ?? ''] ?? 0)
}

// What tuning changes in the text of a policy, as `diff -u` would show it, without the lines around it.
import type { Hunk } from '../study/tune/patch.js'
import type { Paint } from './paint.js'

export function diffText(hunks: readonly Hunk[], paint: Paint): string {
  const lines: string[] = []
  let file = ''
  for (const hunk of hunks) {
    if (hunk.file !== file) lines.push(paint.strong(`--- ${hunk.file}`), paint.strong(`+++ ${hunk.file}`))
    file = hunk.file
    const { line, newLine, removed, added } = hunk
    lines.push(paint.faint(`@@ -${range(line, removed.length)} +${range(newLine, added.length)} @@`))
    for (const each of removed) lines.push(paint.bad(`-${each}`))
    for (const each of added) lines.push(paint.good(`+${each}`))
  }
  return lines.join('\n')
}

/** As patch reads it: of no lines at all, the line before them. */
function range(line: number, length: number): string {
  if (length === 1) return String(line)
  return length === 0 ? `${line - 1},0` : `${line},${length}`
}

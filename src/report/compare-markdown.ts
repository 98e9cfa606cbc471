// The comparison of two policies as a comment on a pull request, with a line by which a bot finds it again.
import type { Comparison, Row, World } from '../study/compare/comparison.js'
import { flownIn, gateLines, summary } from './compare.js'
import { answerMark, type Flown, phrase, rowsToShow, sameText, titles, valueText, worldTitle } from './compare-words.js'
import { noColours } from './paint.js'
import { grouped, percent } from './words.js'

export function compareMarkdown(comparison: Comparison, marker: string): string {
  const { first, second, worlds, overall, confidence, gate } = comparison
  const flown = flownIn(worlds)
  const [only] = worlds as readonly [World]
  return [
    `<!-- coalmine-compare: ${marker} -->`,
    '### Coalmine: two policies on the same tapes',
    '',
    `**${escaped(summary(comparison))}**`,
    '',
    ...(gate === null ? [] : [...gateLines(gate, comparison, noColours).map((line) => markdownLine(line)), '']),
    `A: ${escaped(first)}<br>B: ${escaped(second)}`,
    '',
    ...table(overall ?? only.rows, flown),
    '',
    ...(overall === null ? [] : [...details(worlds), '']),
    `<sub>${grouped(flown.runs)} runs of each policy${overall === null ? `: ${escaped(worldTitle(only))}` : `; each of the ${worlds.length} worlds weighs the same`}. Each interval holds by itself at ${percent(100 * confidence)}.</sub>`,
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
}

function details(worlds: readonly World[]): readonly string[] {
  return [
    '<details><summary>By world</summary>',
    '',
    ...worlds.flatMap((world) => [
      `**${escaped(worldTitle(world))}**, ${grouped(world.runs)} runs from seed ${world.seed}`,
      '',
      ...table(world.rows, { runs: world.runs, worlds: 1 }),
      '',
    ]),
    '</details>',
  ]
}

function table(rows: readonly Row[], flown: Flown): readonly string[] {
  const same = sameText(rows)
  if (same !== undefined) return [`${escaped(same[0]!.toUpperCase() + same.slice(1))}.`]
  return [
    '| | A | B | | B compared with A |',
    '| --- | ---: | ---: | --- | --- |',
    ...rowsToShow(rows).map((row) => {
      const cells = [titles[row.metric], valueText(row.unit, row.first), valueText(row.unit, row.second)]
      return `| ${[...cells, answerMark(row).trim(), phrase(row, flown)].map(escaped).join(' | ')} |`
    }),
  ]
}

/** Heads as they are, what is below them as a list. */
function markdownLine(line: string): string {
  const text = escaped(line.trim())
  return line.startsWith(' ') ? `- ${text}` : `\n${text}\n`
}

/** So that names from files are nothing but text. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#@]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, ' ')
}

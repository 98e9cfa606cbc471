// What a candidate changes in the text of the policy.
import { type Choices, type ChosenStage, stagesOf } from './candidate.js'
import { shape } from './knob.js'
import { type Edit, edited } from './patch.js'
import type { Layout } from './ramp.js'
import type { Source } from './source.js'
import type { Space } from './space.js'

export function editsOf(space: Space, choices: Choices): readonly Edit[] {
  const numbers = space.knobs.flatMap((knob, index) => {
    const chosen = choices[index]!
    if (chosen === knob.current) return []
    const text = knob.spell(knob.values[chosen]!)
    return knob.spans.map((span) => ({ ...span, text }))
  })
  const layout = space.ramp?.layout
  if (!layout) return numbers
  const stages = stagesOf(space, choices)
  const gone = droppedSpans(stages, layout, space.sources.get(layout.file)!)
  const isGone = ({ file, start }: Edit) =>
    gone.some((each) => each.file === file && each.start <= start && start < each.end)
  const left = numbers.filter((edit) => !isGone(edit))
  const doubled = stages
    .filter((stage) => stage.shape === shape.doubled)
    .map((stage) => doubledEdit(stage, layout, left, space))
  return [...left, ...gone, ...doubled, ...startingEdit(space, stages)]
}

/** Neighbours go together. */
function droppedSpans(stages: readonly ChosenStage[], layout: Layout, source: Source): readonly Edit[] {
  const runs: { first: number; end: number }[] = []
  for (const { first, end, shape: chosen } of stages) {
    if (chosen !== shape.dropped) continue
    const last = runs.at(-1)
    if (last?.end === first) last.end = end
    else runs.push({ first, end })
  }
  return runs.map(({ first, end }) => ({ ...spanOfSteps(first, end, layout, source), text: '' }))
}

function spanOfSteps(first: number, end: number, { items, isBlock, file }: Layout, source: Source) {
  const next = items[end]
  if (isBlock) {
    const start = headOf(items[first]!.start, source)
    return {
      file,
      start,
      end: next ? headOf(next.start, source) : source.lineStart(lastLine(items[end - 1]!.end, source) + 1),
    }
  }
  // One comma goes with them.
  if (next) return { file, start: items[first]!.start, end: next.start }
  return { file, start: items[first - 1]!.end, end: items[end - 1]!.end }
}

/** A node that is a block ends where the next line starts. */
function lastLine(end: number, source: Source): number {
  const line = source.lineAt(end)
  return source.lineStart(line) === end ? line - 1 : line
}

/** Of the comments above a step, or of its line. */
function headOf(offset: number, source: Source): number {
  let line = source.lineAt(offset)
  while (line > 0 && /^\s*#/.test(source.line(line - 1))) line--
  return source.lineStart(line)
}

/** Behind the stage once more, without its comments, and with the weight halfway to the next. */
function doubledEdit(stage: ChosenStage, layout: Layout, numbers: readonly Edit[], space: Space): Edit {
  const { file, items, isBlock } = layout
  const source = space.sources.get(file)!
  const steps = items.slice(stage.first, stage.end).map((item, index) => {
    const inside = numbers
      .filter((edit) => edit.file === file && edit.start >= item.start && edit.end <= item.end)
      .map((edit) => ({ ...edit, start: edit.start - item.start, end: edit.end - item.start }))
    const text = edited(source.text.slice(item.start, item.end), inside).trimEnd()
    return index === 0 ? text.replace(/(setWeight["']?\s*:\s*["']?)\d+/, `$1${stage.betweenPercent}`) : text
  })
  const last = items[stage.end - 1]!
  if (!isBlock) {
    return {
      file,
      start: last.end,
      end: last.end,
      text: steps.map((step) => `${separator(layout, source)}${step}`).join(''),
    }
  }
  const line = source.lineAt(items[stage.first]!.start)
  const dash = source.text.slice(source.lineStart(line), items[stage.first]!.start)
  const behind = source.lineStart(lastLine(last.end, source) + 1)
  const lineEnd = source.text.includes('\r\n') ? '\r\n' : '\n'
  const isEnded = behind === 0 || source.text[behind - 1] === '\n'
  const text = steps.map((step) => `${dash}${step}${lineEnd}`).join('')
  return { file, start: behind, end: behind, text: isEnded ? text : `${lineEnd}${text.trimEnd()}` }
}

/** What stands between two steps, such as a comma and a new line. */
function separator({ items }: Layout, source: Source): string {
  const [one, other] = items
  const written = one && other ? source.text.slice(one.end, other.start) : ', '
  return written.includes('#') ? ', ' : written
}

/** The background analysis begins at the same step, wherever that stands now. */
function startingEdit(space: Space, stages: readonly ChosenStage[]): readonly Edit[] {
  const path = ['spec', 'strategy', 'canary', 'analysis', 'startingStep']
  const { rollout, sources } = space
  let value: unknown = rollout.value
  for (const step of path) value = (value as Record<string, unknown> | null | undefined)?.[step]
  if (typeof value !== 'number') return []
  let moved = 0
  for (const { first, end, shape: chosen } of stages) {
    if (chosen === shape.dropped) moved -= Math.max(0, Math.min(end, value) - first)
    if (chosen === shape.doubled && end <= value) moved += end - first
  }
  if (moved === 0) return []
  const span = sources.get(rollout.file)!.spanOf(rollout.positionOf(path), value)
  return span ? [{ ...span, text: String(value + moved) }] : []
}

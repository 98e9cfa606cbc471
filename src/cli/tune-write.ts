// Writes a point of the front into the manifests that it was tuned from.
import { limits } from '../scenario/limits.js'
import { type Problems, wholeFile } from '../scenario/problem.js'
import { editsOf } from '../study/tune/edits.js'
import { patched } from '../study/tune/patch.js'
import { pointsOf, type Searched, type TuneReport } from '../study/tune/report.js'
import type { Space } from '../study/tune/space.js'
import { badInput, outputFailed } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { whyUnwritable, writeWhole } from './write-whole.js'

/** Before anything is flown: what can't be written needs no search. */
export function checkWritable({ knobs, rollout }: Space, problems: Problems): void {
  const turned = knobs.filter(({ values }) => values.length > 1)
  const files = new Set([...turned.flatMap(({ spans }) => spans.map(({ file }) => file)), rollout.file])
  for (const file of files) {
    if (file === '-') {
      const hint = 'Leave --write out, and what it would change is printed.'
      problems.error('standard-input', wholeFile('standard input'), '--write can’t write into standard input', { hint })
      continue
    }
    const why = whyUnwritable(file)
    if (why !== undefined) problems.error('file-unwritable', wholeFile(file), `--write can't write this file: ${why}`)
  }
}

export function writePoint(wanted: string | true, { space, progress }: Searched, report: TuneReport): void {
  const label = wanted === true ? report.knee! : wanted.toUpperCase()
  const index = report.front.findIndex((point) => point.label === label)
  const point = pointsOf(progress, space).front[index]
  if (!point) {
    const labels = report.front.map((each) => each.label).join(', ')
    refuse(`there is no point ${wanted} on this front, only ${labels}: nothing was written`, badInput)
    return
  }
  const texts = patched(space.sources, editsOf(space, point.choices))
  const changed = [...texts.keys()].find((file) => !isAsRead(file, space))
  if (changed !== undefined) {
    refuse(`${changed} has changed since it was read: nothing was written`, badInput)
    return
  }
  try {
    writeWhole(texts)
  } catch (error) {
    refuse(`${(error as NodeJS.ErrnoException).message}: nothing was written`, outputFailed)
    return
  }
  const told = texts.size === 0 ? 'it is the policy as it is written' : `written into ${[...texts.keys()].join(', ')}`
  process.stderr.write(`${label}: ${told}\n`)
}

function isAsRead(file: string, { sources }: Space): boolean {
  const content = nodeFiles.read(file, limits.manifestBytes)
  return 'text' in content && content.text === sources.get(file)!.text
}

function refuse(message: string, code: number): void {
  process.stderr.write(`error: ${message}\n`)
  process.exitCode = code
}

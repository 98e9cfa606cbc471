// Writes a point of the front into the manifests that it was tuned from.
import { worseTexts } from '../report/tune-worse.js'
import { type Problems, wholeFile } from '../scenario/problem.js'
import { editsOf } from '../study/tune/edits.js'
import { patched } from '../study/tune/patch.js'
import { pointsOf, type Searched, type TuneReport } from '../study/tune/report.js'
import type { Space } from '../study/tune/space.js'
import type { Question } from '../study/tune/state.js'
import { badInput, outputFailed } from './exit-codes.js'
import type { Resume } from './tune-resume.js'
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

/** Before anything is flown: no search has such a point. */
export function checkPoint(wanted: string, scenario: string, problems: Problems): void {
  if (isKnee(wanted) || /^[a-z]\d*$/i.test(wanted)) return
  const hint = 'Without a name the knee is written.'
  problems.error('point-unknown', wholeFile(scenario), `no point is called \`${wanted}\`, but A, B and so on`, { hint })
}

interface Writing {
  readonly question: Question
  readonly searched: Searched
  readonly report: TuneReport
  readonly resume: Resume
}

export function writePoint(wanted: string | true, { question, searched, report, resume }: Writing): void {
  const { space, progress } = searched
  const label = wanted === true || isKnee(wanted) ? report.knee! : wanted.toUpperCase()
  const index = report.front.findIndex((point) => point.label === label)
  const point = pointsOf(progress, space).front[index]
  if (!point) {
    refuse(`there is no point ${label} on this front, only ${pointsText(report)}: nothing was written`, badInput)
    process.stderr.write(`  ${howToGoOn(report, resume)}\n`)
    return
  }
  const wrote = patched(space.sources, editsOf(space, point.choices))
  // What another point of this search has left there goes.
  const before = [...resume.wrote.keys()].map((file) => [file, space.sources.get(file)!.text] as const)
  const texts = new Map([...before, ...wrote])
  const changed = [...texts.keys()].find((file) => !resume.isKnown(file, space.sources.get(file)!.text))
  if (changed !== undefined) {
    refuse(`${changed} has changed since it was read: nothing was written`, badInput)
    return
  }
  const { written } = report
  for (const text of written ? worseTexts(report.front[index]!, written) : []) process.stderr.write(`${text}\n`)
  try {
    writeWhole(new Map([...texts, ...resume.textsFor(question, progress, wrote)]))
  } catch (error) {
    refuse(`${(error as NodeJS.ErrnoException).message}: nothing was written`, outputFailed)
    return
  }
  const told = texts.size === 0 ? 'it is the policy as it is written' : `written into ${[...texts.keys()].join(', ')}`
  process.stderr.write(`${label}: ${told}\n`)
}

function isKnee(wanted: string): boolean {
  return wanted.toLowerCase() === 'knee'
}

function pointsText({ front, knee }: TuneReport): string {
  const told = front.map(({ label }) => (label === knee ? `${label} (the knee)` : label))
  return told.length === 1 ? told[0]! : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`
}

function howToGoOn({ front }: TuneReport, { isKept }: Resume): string {
  const point = `--write ${front[0]!.label}`
  return isKept
    ? `The same command with ${point} writes that one without another search.`
    : `With --resume FILE the search is kept, so that the next command with ${point} needs no other one.`
}

function refuse(message: string, code: number): void {
  process.stderr.write(`error: ${message}\n`)
  process.exitCode = code
}

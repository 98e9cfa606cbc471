// `coalmine run`: one scenario, flown once or many times.
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { colours, noColours, type Paint } from '../report/paint.js'
import { screen } from '../report/screen.js'
import { studyText } from '../report/study.js'
import { timelineText } from '../report/timeline.js'
import { verdictText } from '../report/verdict.js'
import { flyRecorded } from '../run/fly.js'
import { type Plan, prepare } from '../run/plan.js'
import { baseName } from '../scenario/files.js'
import { readManifests, readScenario } from '../scenario/load.js'
import { formatProblem, type Place, Problems } from '../scenario/problem.js'
import { Seeds } from '../study/study.js'
import { nodeFiles } from './node-files.js'

export interface RunOptions {
  readonly seed?: number
  readonly runs?: number
  readonly policy?: readonly string[]
  readonly json?: boolean
  readonly watch?: boolean
  readonly speed: number
  readonly version: string
}

const badInput = 2
const ourDefect = 70
/** As shells count it: 128 and the number of the signal. */
const afterInterrupt = 130

export async function run(path: string, options: RunOptions): Promise<void> {
  const plan = planOf(path, options)
  if (!plan) {
    process.exitCode = badInput
    return
  }
  const seed = options.seed ?? plan.scenario.seed
  try {
    if (options.runs !== undefined) await flyMany(plan, seed, options.runs, options)
    else await flyOnce(plan, seed, options)
  } catch (error) {
    reportDefect(error, path, seed, options)
  }
}

/** Undefined after everything that is wrong has been told. */
function planOf(path: string, options: RunOptions): Plan | undefined {
  const problems = new Problems()
  const file = readScenario(path, nodeFiles, problems)
  const written = (index: number): Place => file!.placeOf(['policy', index])
  const manifests = options.policy
    ? readManifests(options.policy, nodeFiles, problems)
    : readManifests(file?.policy ?? [], nodeFiles, problems, written)
  const plan = prepare(nameOf(path), file, manifests, problems)
  const paint = paintFor(process.stderr)
  for (const problem of problems.sorted()) {
    const text = formatProblem(problem)
    process.stderr.write(`${problem.severity === 'error' ? paint.bad(text) : paint.busy(text)}\n`)
  }
  return problems.hasErrors ? undefined : plan
}

function nameOf(path: string): string {
  return baseName(path).replace(/\.ya?ml$/, '')
}

async function flyOnce(plan: Plan, seed: number, options: RunOptions): Promise<void> {
  // Without a terminal there is nothing to draw on: the timeline says the same.
  const onTerminal = options.watch === true && options.json !== true && process.stdout.isTTY
  const paint = paintFor(process.stdout)
  const frames: Frame[] = []
  const record = flyRecorded(plan, seed, (flying) => {
    if (onTerminal) addFrame(frames, flying.loop.now, screen(flying, paint))
  })
  if (options.json) {
    process.stdout.write(`${JSON.stringify(record)}\n`)
    return
  }
  if (onTerminal) await play(frames, options.speed)
  else process.stdout.write(`${timelineText(record.timeline, record.times.releasedMs, paint)}\n\n`)
  process.stdout.write(`${verdictText(record, plan.scenario.teaches, paint)}\n`)
}

/** So many flights between two looks at what else has happened, such as Ctrl-C. */
const flightsAtOnce = 50

async function flyMany(plan: Plan, seed: number, runs: number, options: RunOptions): Promise<void> {
  const seeds = new Seeds(plan, seed)
  const told = process.stderr.isTTY && process.env['CI'] === undefined
  let interrupted = false
  const interrupt = () => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  while (seeds.done < runs && !interrupted) {
    seeds.fly(Math.min(flightsAtOnce, runs - seeds.done))
    if (told) process.stderr.write(`\r${seeds.done} of ${runs} runs`)
    await immediate()
  }
  process.off('SIGINT', interrupt)
  if (told) process.stderr.write('\r\u001b[K')
  if (interrupted) {
    process.stderr.write(`Interrupted: ${seeds.done} of ${runs} runs were finished.\n`)
    process.exitCode = afterInterrupt
  }
  const study = seeds.study()
  const text = options.json ? JSON.stringify(study) : studyText(study, plan.scenario.teaches, paintFor(process.stdout))
  process.stdout.write(`${text}\n`)
}

interface Frame {
  readonly atMs: number
  text: string
}

/** Of the changes at one instant only the last picture is shown. */
function addFrame(frames: Frame[], atMs: number, text: string): void {
  const last = frames.at(-1)
  if (last?.atMs === atMs) last.text = text
  else frames.push({ atMs, text })
}

const longestWaitMs = 3000

async function play(frames: readonly Frame[], speed: number): Promise<void> {
  for (const [index, { atMs, text }] of frames.entries()) {
    process.stdout.write(`\u001b[H\u001b[2J${text}\n\n`)
    const next = frames[index + 1]
    if (next) await sleep(Math.min(longestWaitMs, (next.atMs - atMs) / speed))
  }
}

function paintFor(stream: NodeJS.WriteStream): Paint {
  const wanted = stream.isTTY && process.env['NO_COLOR'] === undefined && process.env['CI'] === undefined
  return wanted ? colours : noColours
}

function reportDefect(error: unknown, path: string, seed: number, { version }: RunOptions): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(
    `This is a defect of coalmine ${version}, not of your input. Please report it with this line, which replays it:\n` +
      `  coalmine run ${path} --seed ${seed}\n${text}\n`,
  )
  process.exitCode = ourDefect
}

// Says what is wrong with the input, in colour where somebody looks on.
import { colours, noColours, type Paint } from '../report/paint.js'
import { formatProblem, type Problem } from '../scenario/problem.js'

export function tell(problems: readonly Problem[]): void {
  const paint = paintFor(process.stderr)
  for (const problem of problems) {
    const text = formatProblem(problem)
    process.stderr.write(`${problem.severity === 'error' ? paint.bad(text) : paint.busy(text)}\n`)
  }
}

export function paintFor(stream: NodeJS.WriteStream): Paint {
  const wanted = stream.isTTY && process.env['NO_COLOR'] === undefined && process.env['CI'] === undefined
  return wanted ? colours : noColours
}

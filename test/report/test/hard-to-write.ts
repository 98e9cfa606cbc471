// A report of tests whose names hold all that formats use for themselves.
import { reportOf } from '../../../src/study/test/report.js'
import { testedScenario } from '../../study/test/tested-scenario.js'

export const awkwardName = `a <b> & "c" 'd' #5 \\ ]]> é 100 %\nok 9 - \u0007\ttwo|lines`

const slow = Array.from({ length: 200 }, (_, run) => ({ detectionMs: 60_000 + 1000 * (run % 50), harmed: run % 10 }))

/** A scenario that passes, one that fails, one that is undecided, and one that somebody has ended before its first run. */
export const hardToWrite = reportOf(
  [
    testedScenario(['verdict == aborted', 'detect.p90 < 3m'], slow),
    testedScenario(['detect.p90 < 1m', 'missed < 5%'], slow, {
      name: awkwardName,
      file: `it's <here> & #1\n/a b.yaml`,
    }),
    testedScenario(['missed < 0.1%'], slow, { name: 'rare' }),
    testedScenario(['missed < 5%'], [], { name: 'ended', isWhole: false }),
  ],
  0.99,
  '1.2.3',
)

// The cases of Prometheus' own tests that are known to come out differently, by file and line; why stands beside them.
import { readFileSync } from 'node:fs'

/** Places below reasons; a place stands in from the edge. */
export function knownDifferences(): readonly string[] {
  const lines = readFileSync('test/metrics/cases/promqltest-differences.txt', 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('  ')).map((line) => line.trim())
}

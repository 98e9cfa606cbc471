// Prometheus' own tests of its query language, where Go keeps the module: read from there and nowhere else.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { goModule } from '../../../oracle/go-module.js'
import { type Outcome, runScript } from './session.js'

export interface TestFile {
  readonly name: string
  readonly outcomes: readonly Outcome[]
}

/** Undefined where the module isn't. */
export function corpusFiles(): readonly string[] | undefined {
  const folder = goModule('prometheus', 'github.com/prometheus/prometheus')
  if (folder === undefined) return undefined
  const tests = join(folder, 'promql/promqltest/testdata')
  return readdirSync(tests)
    .filter((name) => name.endsWith('.test'))
    .map((name) => join(tests, name))
}

export function runFile(path: string): TestFile {
  return { name: basename(path), outcomes: runScript(readFileSync(path, 'utf8')) }
}

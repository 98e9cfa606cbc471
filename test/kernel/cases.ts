// Reads a case file: one case a line, words separated by spaces, # for comments.

import { readFileSync } from 'node:fs'

export function casesOf(name: string): string[][] {
  return readFileSync(new URL(`cases/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
}

/** How far a value is from the true one, relative to it. */
export function relativeError(value: number, truth: number): number {
  return value === truth ? 0 : Math.abs(value - truth) / Math.abs(truth)
}

// The page on exporters names every exporter and every metric there is, and no others.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DIALECTS, EVERYWHERE } from '../../../src/metrics/dialects/dialects.js'
import { dialectNames } from '../../../src/scenario/dialects.js'

const page = readFileSync(new URL('../../../docs/exporters.md', import.meta.url), 'utf8')
const quoted = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!))
const families = [...Object.values(DIALECTS), ...EVERYWHERE].flatMap((dialect) => dialect.families)
const names = new Set(families.filter(({ quantity }) => quantity !== 'up').map(({ name }) => name))

test('Every exporter is named', () => {
  expect(dialectNames.filter((name) => !quoted.has(name))).toEqual([])
})

/** Looks like a metric's name. */
const label = 'status_code'

test('Every metric is named, and none that is not there', () => {
  expect([...names].filter((name) => !quoted.has(name))).toEqual([])
  const isMetric = (text: string) => text !== label && /^[a-z]+(_[a-z0-9]+)+$/.test(text)
  expect([...quoted].filter((text) => isMetric(text) && !names.has(text))).toEqual([])
})

test('Metrics of one name are of one type, and say what they count', () => {
  for (const { name, type, counts } of families) {
    expect(counts, name).not.toBe('')
    for (const other of families) if (other.name === name) expect(other.type, name).toBe(type)
  }
})

// What Prometheus' HTTP API answers, recorded request by request; and whether it still does, where it can be asked.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prometheus } from '../../oracle/oracle.js'
import { loadSeries } from '../promql/series-notation.js'
import { ask } from './ask.js'

interface Case {
  readonly request: string
  readonly answer: string
}

const text = readFileSync(join(import.meta.dirname, '../cases/api.txt'), 'utf8')
const blocks = text.split('\n\n').filter((block) => !block.startsWith('#'))
const series = blocks
  .find((block) => block.startsWith('load 15s'))!
  .split('\n')
  .slice(1)
  .map((line) => line.trim())
const cases: readonly Case[] = blocks
  .filter((block) => /^(GET|POST) /.test(block))
  .map((block) => {
    const [request = '', answer = ''] = block.trimEnd().split('\n')
    return { request, answer }
  })

describe('The API', () => {
  const store = loadSeries(series, 15_000)

  it.each(cases)('answers $request as Prometheus does', ({ request, answer }) => {
    const { status, body } = ask(request, { store })
    expect(`${status} ${body}`).toBe(answer)
  })

  it.skipIf(!prometheus.isThere(`${cases.length} requests to its API`))('of Prometheus answers as recorded', () => {
    const questions = cases.map(({ request }) => {
      const [, path, form] = request.split(' ')
      return { request: path, ...(form === undefined ? {} : { form }) }
    })
    const [, ...answers] = prometheus.ask([{ series, step: '15s' }, ...questions].map((each) => JSON.stringify(each)))
    const told = answers.map((line) => JSON.parse(line) as { status: number; body: string })
    expect(told.map(({ status, body }) => `${status} ${body}`)).toEqual(cases.map(({ answer }) => answer))
  })
})

// What `--reporter tap` writes is TAP 14 to a parser that allows nothing else.
import { Parser, type Result } from 'tap-parser'
import { describe, expect, it } from 'vitest'
import { tapReport } from '../../../src/report/test/tap.js'
import { awkwardName, hardToWrite } from './hard-to-write.js'

describe('A report as TAP writes it', () => {
  const top = new Parser({ strict: true })
  const points = pointsOf(top)
  const children: Parser[] = []
  const subtests: (readonly Result[])[] = []
  top.on('child', (child: Parser) => {
    children.push(child)
    subtests.push(pointsOf(child))
  })
  top.end(`${tapReport(hardToWrite)}\n`)

  it('is nothing that a strict parser complains of', () => {
    const complaints = [top, ...children].flatMap(({ failures }) => failures.flatMap(({ tapError }) => tapError ?? []))
    expect(complaints).toEqual([])
    expect([top.planStart, top.planEnd, top.count]).toEqual([1, 4, 4])
  })

  it('has a subtest for each scenario, and a point for each budget', () => {
    expect(points.map(({ ok }) => ok)).toEqual([true, false, false, false])
    expect(subtests.map((each) => each.map(({ ok, name }) => [ok, name]))).toEqual([
      [
        [true, 'verdict == aborted'],
        [true, 'detect.p90 < 3m'],
      ],
      [
        [false, 'detect.p90 < 1m'],
        [true, 'missed < 5%'],
      ],
      [[false, 'missed < 0.1%']],
      [[false, 'missed < 5%']],
    ])
  })

  it('tells names in one line, and takes none for a directive', () => {
    const [, awkward] = points
    expect(awkward!.name).toBe(awkwardName.replace('\n', ' ').replace('\u0007\t', '  '))
    expect([awkward!.todo, awkward!.skip]).toEqual([false, false])
  })

  it('tells why as YAML', () => {
    const [failing] = subtests[1]!
    expect(failing!.diag).toMatchObject({
      message: expect.stringMatching(/^1m4\d/),
      at: { file: `it's <here> & #1\n/a b.yaml`, line: 7, column: 5 },
      replay: expect.arrayContaining([expect.stringContaining('coalmine run ')]),
    })
  })
})

function pointsOf(parser: Parser): readonly Result[] {
  const points: Result[] = []
  parser.on('assert', (point: Result) => points.push(point))
  return points
}

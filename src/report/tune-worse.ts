// What somebody gives up who takes a point for the policy as it is written, in plain words.
import { clearlyLess } from '../study/tune/front.js'
import type { PointReport, Told } from '../study/tune/report.js'
import { lasting, percent, rounded } from './words.js'

/** None where it is worse in nothing. */
export function worseTexts(point: PointReport, written: PointReport): readonly string[] {
  const { label } = point
  const told: string[] = []
  const add = (what: string, one: Told, other: Told, show: (value: number) => string) => {
    const [much, little] = [one, other].map(({ value }) => (value === 'never' ? Number.POSITIVE_INFINITY : value))
    if (!(much! > little!)) return
    const chance = clearlyLess(numbers(other), numbers(one)) ? '' : ', which may be chance'
    const values = [much!, little!].map((value) => (Number.isFinite(value) ? show(value) : 'never'))
    told.push(`${label} ${what} than the policy as it is written: ${values.join(' instead of ')}${chance}`)
  }
  const share = (value: number) => percent(value * 100)
  add('aborts more healthy releases', point.falseAborts, written.falseAborts, share)
  add('takes longer for a healthy release', point.durationMs, written.durationMs, lasting)
  add('harms more users', point.harm, written.harm, rounded)
  add('misses more faulty releases', point.missed, written.missed, share)
  return told
}

function numbers({ value, low, high }: Told) {
  const number = (each: number | 'never' | null) => (each === 'never' ? Number.POSITIVE_INFINITY : each)
  return { value: number(value)!, low: number(low), high: number(high) }
}

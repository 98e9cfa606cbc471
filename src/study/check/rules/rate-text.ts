// How many requests there are, in words that say whether somebody has said it.
import { formatRate } from '../../../scenario/units.js'

export function rateText(perSecond: number, isAssumed: boolean): string {
  const text = formatRate(Number(perSecond.toPrecision(3)))
  return isAssumed ? `an assumed ${text} (say it with --rate)` : text
}

// What Stirling's formula leaves of ln n!, from which the samplers get probabilities of huge counts without taking the
// difference of huge logarithms: ln n! = (n + 1/2) ln n - n + ln(2 pi) / 2 + stirlingTail(n).

import { log } from './elementary.js'

const LOG_2_PI = 1.8378770664093456
const TABLE_SIZE = 16
const TABLE = new Float64Array(TABLE_SIZE)
for (let n = 1, logFactorial = 0; n < TABLE_SIZE; n++) {
  logFactorial += log(n)
  TABLE[n] = logFactorial - (n + 0.5) * log(n) + n - LOG_2_PI / 2
}

/** For integers from 1. From 16 on the series' first neglected term is below 2e-14. */
export function stirlingTail(n: number): number {
  if (n < TABLE_SIZE) return TABLE[n]!
  const z = 1 / (n * n)
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680)))) / n
}

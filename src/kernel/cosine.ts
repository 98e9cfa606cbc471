// The cosine of a part of a turn, with the same bits on every engine: ECMAScript leaves those of Math.cos open.

/** cos(2 π turns), within 1e-15. */
export function cosineOfTurns(turns: number): number {
  const part = Math.abs(turns - Math.floor(turns + 0.5))
  return part <= 0.25 ? taylor(part) : -taylor(0.5 - part)
}

/** Up to a quarter of a turn the series' next term, of degree 22, is below 1e-16. */
function taylor(turns: number): number {
  const square = (2 * Math.PI * turns) ** 2
  let sum = 1
  for (let degree = 20; degree > 0; degree -= 2) sum = 1 - (square / (degree * (degree - 1))) * sum
  return sum
}

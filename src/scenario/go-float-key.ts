// How a float that is a mapping key becomes text: as sigs.k8s.io/yaml v1.6.0 does, in 32 bits by Go's %g.

export function goFloatKey(value: number): string {
  const single = Math.fround(value)
  if (Number.isNaN(single)) return '.nan'
  if (!Number.isFinite(single)) return single < 0 ? '-.inf' : '.inf'
  if (Object.is(single, -0)) return '-0'
  const text = shortest(single)
  const [mantissa, exponentText] = text.split('e')
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < 6) return String(Number(text))
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** In exponential notation, the fewest digits that give back the same 32-bit number: nine always do. */
function shortest(single: number): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = single.toExponential(digits)
    if (Math.fround(Number(text)) === single) return text
  }
  return single.toExponential(8)
}

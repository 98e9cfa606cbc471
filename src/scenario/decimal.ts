// Decimal numbers as text, scaled by powers of ten without the noise of binary multiplication.

/** `4.35` shifted by 3 is 4350, where 4.35 * 1000 would be 4350 only by luck. */
export function shifted(number: number | string, places: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e')
  return Number(`${mantissa}e${Number(exponent) + places}`)
}

/** A number without an exponent, as people write it, that reads back as the same number. */
export function decimalText(value: number): string {
  const text = String(value)
  const [mantissa, exponent] = text.split('e')
  if (exponent === undefined) return text
  const [whole = '', fraction = ''] = mantissa!.split('.')
  const places = Number(exponent)
  return places < 0 ? `0.${'0'.repeat(-places - 1)}${whole}${fraction}` : (whole + fraction).padEnd(places + 1, '0')
}

/** Uses `k` and `M` where they make a round number shorter: 50000 is `50k`, 12345 stays. */
export function compactText(value: number): string {
  for (const [suffix, places] of [['M', 6] as const, ['k', 3] as const]) {
    const short = decimalText(shifted(value, -places))
    if (value >= 10 ** places && short.length + 1 < decimalText(value).length) return short + suffix
  }
  return decimalText(value)
}

/** Reads what `compactText` writes. */
export function compactNumber(digits: string, suffix: string | undefined): number {
  return shifted(digits, suffix === 'M' ? 6 : suffix === 'k' ? 3 : 0)
}

// Names of objects that are made again and again: one that is taken gets a number.

/** `demo`, `demo.1`, `demo.2` and so on, with a separator between. */
export function freeName(taken: readonly { readonly name: string }[], wanted: string, separator: string): string {
  const isTaken = (name: string) => taken.some((object) => object.name === name)
  if (!isTaken(wanted)) return wanted
  let counter = 1
  while (isTaken(`${wanted}${separator}${counter}`)) counter++
  return `${wanted}${separator}${counter}`
}

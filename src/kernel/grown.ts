// A typed array has no room to grow: what it holds moves into a larger one.

export function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

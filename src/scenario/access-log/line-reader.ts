// What every format of a log is to whoever counts it: something that reads a line.

export interface LineReader {
  /** What the line last read has said: when, in whole seconds since 1970, and how many requests. */
  readonly second: number
  readonly count: number
  /** Reads the line in these bytes: is it a request (or several), a heading, or what is wrong with it? */
  read(bytes: Uint8Array, start: number, end: number): 'requests' | 'heading' | Flaw
}

export interface Flaw {
  /** Bytes into the line. */
  readonly offset: number
  readonly message: string
}

const decoder = new TextDecoder()

export function textIn(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}

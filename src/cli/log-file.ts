// A file that is there whole or not at all: it is written beside its place, and takes it at the end.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'

/** The name of the standard output. */
export const standardOutput = '-'

/** Where lines of a log go. Errors are those of the file system. */
export interface LineSink {
  write(line: string): void
  /** Everything has been written. */
  finish(): void
  /** Nothing of it shall stay. */
  discard(): void
}

/** Devices and pipes have no place to take: they are written to as they are. */
export function logFile(path: string): LineSink {
  const present = statSync(path, { throwIfNoEntry: false })
  const isFile = present === undefined || present.isFile()
  const writtenPath = isFile ? `${path}.${process.pid}.part` : path
  // Of a directory this tells what it is.
  let fd: number | undefined = openSync(writtenPath, isFile ? 'wx' : 'w')
  const lines = new Lines((text) => writeWhole(fd!, Buffer.from(text)))
  const close = () => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  return {
    write: (line) => lines.add(line),
    finish: () => {
      lines.flush()
      if (isFile) fsyncSync(fd!)
      close()
      if (isFile) renameSync(writtenPath, path)
    },
    discard: () => {
      close()
      if (isFile) rmSync(writtenPath, { force: true })
    },
  }
}

/** What was printed can't be taken back. */
export function logStream(stream: NodeJS.WritableStream): LineSink {
  const lines = new Lines((text) => stream.write(text))
  return { write: (line) => lines.add(line), finish: () => lines.flush(), discard: () => {} }
}

/** A write for each line would take longer than the flight. */
class Lines {
  private text = ''

  constructor(private readonly write: (text: string) => void) {}

  add(line: string): void {
    this.text += `${line}\n`
    if (this.text.length >= BLOCK) this.flush()
  }

  flush(): void {
    if (this.text !== '') this.write(this.text)
    this.text = ''
  }
}

const BLOCK = 1 << 16

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

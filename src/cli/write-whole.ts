// Writes files so that each is there as it was or as it shall be, never half of it.
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Why it can't be written; undefined if it can. */
export function whyUnwritable(path: string): string | undefined {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there && !there.isFile()) return 'it is no file'
    if (there) accessSync(path, constants.W_OK)
    accessSync(dirname(there ? realpathSync(path) : path), constants.W_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).message
  }
}

/** All of them, or none as long as nothing goes wrong between the first and the last of their new names. */
export function writeWhole(texts: ReadonlyMap<string, string>): void {
  const written: { part: string; path: string }[] = []
  try {
    for (const [file, text] of texts) {
      const there = statSync(file, { throwIfNoEntry: false })
      // A link stays one.
      const path = there ? realpathSync(file) : file
      const part = `${path}.${process.pid}.part`
      written.push({ part, path })
      writePart(part, text, there?.mode)
    }
    for (const { part, path } of written) renameSync(part, path)
  } catch (error) {
    for (const { part } of written) rmSync(part, { force: true })
    throw error
  }
}

function writePart(part: string, text: string, mode: number | undefined): void {
  const fd = openSync(part, 'wx', mode)
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

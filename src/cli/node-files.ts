// The file system as the core knows it, and standard input under the name of -.
import { fstatSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import type { FileContent, Files } from '../scenario/files.js'

export const standardInput = '-'

export const nodeFiles: Files = {
  read(path, maxBytes): FileContent {
    try {
      return path === standardInput ? readStandardInput(maxBytes) : readPath(path, maxBytes)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return code === 'ENOENT' || code === 'ENOTDIR' ? { missing: true } : { unreadable: message }
    }
  },
}

function readPath(path: string, maxBytes: number): FileContent {
  const stats = statSync(path)
  if (stats.isDirectory()) return { directory: readdirSync(path) }
  if (stats.size > maxBytes) return { tooLarge: stats.size }
  return { text: readFileSync(path, 'utf8') }
}

/** Never more than the limit, however much somebody pours in. */
function readStandardInput(maxBytes: number): FileContent {
  const { fd } = process.stdin
  if (fstatSync(fd).isDirectory()) return { unreadable: 'standard input is a directory' }
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.alloc(65_536)
    const read = readChunk(fd, chunk)
    if (read === 0) return { text: Buffer.concat(chunks).toString('utf8') }
    size += read
    if (size > maxBytes) return { tooLarge: size }
    chunks.push(chunk.subarray(0, read))
  }
}

function readChunk(fd: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      // A pipe that has nothing yet: ask again.
      if (code !== 'EAGAIN') throw error
    }
  }
}

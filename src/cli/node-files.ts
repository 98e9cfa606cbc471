// The file system as the core knows it, and standard input under the name of -.
import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import type { FileContent, Files } from '../scenario/files.js'

const standardInput = '-'

/** Not that of process.stdin: the stream behind it would begin to read by itself. */
const standardInputFd = 0

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
  const fd = openSync(path, 'r')
  try {
    return contentOf(fd, maxBytes)
  } finally {
    closeSync(fd)
  }
}

function readStandardInput(maxBytes: number): FileContent {
  const isDirectory = fstatSync(standardInputFd).isDirectory()
  return isDirectory ? { unreadable: 'standard input is a directory' } : contentOf(standardInputFd, maxBytes)
}

/** Never more than the limit, however much somebody pours in: devices and pipes have a size of nothing. */
function contentOf(fd: number, maxBytes: number): FileContent {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.alloc(Math.min(65_536, maxBytes + 1 - size))
    const read = readChunk(fd, chunk)
    if (read === 0) return decoded(Buffer.concat(chunks))
    size += read
    if (size > maxBytes) return { tooLarge: Number.POSITIVE_INFINITY }
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
      if (code !== 'EAGAIN') throw error
      // A pipe that has nothing yet, and whose other end made it one that doesn't wait: wait in its place.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function decoded(bytes: Buffer): FileContent {
  const text = bytes.toString('utf8')
  if (isUtf8(bytes)) return { text }
  // Each wrong byte was read as U+FFFD, which may also stand there by itself.
  const encoded = Buffer.from('\ufffd')
  let offset = 0
  let from = 0
  for (;;) {
    const next = text.indexOf('\ufffd', from)
    offset += Buffer.byteLength(text.slice(from, next))
    if (!bytes.subarray(offset, offset + encoded.length).equals(encoded)) {
      return { textBefore: text.slice(0, next), badByte: bytes[offset]! }
    }
    offset += encoded.length
    from = next + 1
  }
}

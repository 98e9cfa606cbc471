// Logs as streams: uncompressed by what they begin with, whatever their name says.
import { createReadStream, statSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BrokenLog, type LogContent, type Logs } from '../scenario/access-log/replay.js'

const CHUNK_BYTES = 1024 * 1024

/** Other compressions begin with these, and would look like lines that are none. */
const COMPRESSIONS: Readonly<Record<string, readonly number[]>> = {
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
  xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  bzip2: [0x42, 0x5a, 0x68],
  zip: [0x50, 0x4b, 0x03, 0x04],
}

const GZIP = [0x1f, 0x8b]

export const nodeLogs: Logs = {
  async open(path): Promise<LogContent> {
    try {
      if (statSync(path).isDirectory()) return { isDirectory: true }
      const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES })
      const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
      const head = await headOf(chunks)
      const compression = Object.keys(COMPRESSIONS).find((name) => begins(head, COMPRESSIONS[name]!))
      if (compression !== undefined) {
        stream.destroy()
        return { unreadable: `it is compressed with ${compression}, and only gzip is read` }
      }
      const whole = withHead(head, chunks)
      return { chunks: begins(head, GZIP) ? unzipped(whole) : whole }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return code === 'ENOENT' || code === 'ENOTDIR' ? { missing: true } : { unreadable: message }
    }
  },
}

/** A pipe may begin with less than it takes to tell. */
async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 5) {
    const { done, value } = await chunks.next()
    if (done) return head
    head = Buffer.concat([head, value])
  }
  return head
}

function begins(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte)
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } catch (error) {
    throw new BrokenLog(`this log cannot be read on: ${(error as Error).message}`)
  }
}

async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  // What goes wrong is thrown below, where the chunks are taken.
  pipeline(Readable.from(chunks, { objectMode: false }), gunzip, () => {})
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw new BrokenLog('this log ends in the middle of its gzip data: it was cut off')
    throw new BrokenLog(`this log is no sound gzip data: ${message}`)
  }
}

// What a shard has flown, as lines of its pod's log: whatever else is said there, and if any of it is lost, that shows.
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Flown } from '../pilot.js'
import type { Shard } from '../shard.js'

/**
 * Container runtimes keep a line of up to 16 KiB in one piece, and put what is said on standard error between lines only.
 */
const lineCharacters = 12_000

/** `coalmine-shard 3/8 HASH 2/40 H4sI…`: the second of forty lines of the third of eight shards. */
const line = /coalmine-shard (\d+)\/(\d+) ([0-9a-f]{64}) (\d+)\/(\d+) ([A-Za-z0-9+/]+=*)$/

export function handBack(flown: readonly Flown[], { index, of }: Shard): string {
  const bytes = gzipSync(JSON.stringify(flown))
  const text = bytes.toString('base64')
  const count = Math.ceil(text.length / lineCharacters)
  const lines = Array.from({ length: count }, (_, at) => {
    const part = text.slice(at * lineCharacters, (at + 1) * lineCharacters)
    return `coalmine-shard ${index}/${of} ${hashOf(bytes)} ${at + 1}/${count} ${part}\n`
  })
  return lines.join('')
}

export type HandedBack =
  | { readonly flown: readonly Flown[] }
  /** What is wrong with it. */
  | { readonly broken: string }

export function readHandBack(log: string, { index, of }: Shard): HandedBack {
  const parts: string[] = []
  let count = 0
  let hash = ''
  for (const each of log.split('\n')) {
    const [, shard, shards, told, at, lines, part] = line.exec(each.trimEnd()) ?? []
    if (part === undefined || Number(shard) !== index || Number(shards) !== of) continue
    parts[Number(at) - 1] = part
    count = Number(lines)
    hash = told!
  }
  if (count === 0) return { broken: 'its log holds nothing of what it has flown' }
  const found = Object.keys(parts).length
  if (found < count) return { broken: `its log holds ${found} of ${count} lines of what it has flown` }
  const bytes = Buffer.from(parts.join(''), 'base64')
  if (hashOf(bytes) !== hash) return { broken: 'what its log holds of what it has flown does not match its checksum' }
  return { flown: JSON.parse(gunzipSync(bytes).toString('utf8')) as Flown[] }
}

/** What else the log says. */
export function withoutHandBack(log: string): string {
  return log
    .split('\n')
    .filter((each) => !each.includes('coalmine-shard '))
    .join('\n')
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

// Files are read within limits, whatever they are, and only as the text they hold.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (bytes: Uint8Array | string, maxBytes = 1000) => {
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  return nodeFiles.read(path, maxBytes)
}

it('hands over text as it is, up to the limit', () => {
  expect(read('\ufeffcaf\u00e9 \ufffd')).toEqual({ text: '\ufeffcaf\u00e9 \ufffd' })
  expect(read('x'.repeat(1000))).toEqual({ text: 'x'.repeat(1000) })
  expect(read('x'.repeat(1001))).toEqual({ tooLarge: 1001 })
  expect(read('')).toEqual({ text: '' })
})

it.skipIf(!existsSync('/dev/zero'))('stops reading a device that has no end', () => {
  expect(nodeFiles.read('/dev/zero', 200_000)).toEqual({ tooLarge: Number.POSITIVE_INFINITY })
})

it.each([
  ['at once', [0xff, 0xfe, 0x61], '', 0xff],
  ['after a character of its own', [0x61, 0xef, 0xbf, 0xbd, 0xe9, 0x62], 'a\ufffd', 0xe9],
  [
    'after other alphabets',
    [...Buffer.from('\u00e9\u4e2d\ud83d\ude00\n'), 0xc3, 0x28],
    '\u00e9\u4e2d\ud83d\ude00\n',
    0xc3,
  ],
  ['in the middle of a character that ends too soon', [0x61, 0xe4, 0xb8], 'a', 0xe4],
])('tells the first byte that is no text: %s', (_, bytes, textBefore, badByte) => {
  expect(read(Uint8Array.from(bytes))).toEqual({ textBefore, badByte })
})

// What Node has compiled is kept for the next start where this Node can, and nobody hears of it where it can't be kept.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coalmine } from './coalmine.js'

const schema = ['schema']

describe('What has been compiled', () => {
  it('is kept in the folder for temporary files, from Node 22.8 on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'coalmine-compiled-'))
    const { status, stderr } = coalmine(schema, { env: { TMPDIR: folder, TMP: folder, TEMP: folder } })
    const kept = existsSync(join(folder, 'node-compile-cache')) ? readdirSync(folder) : []
    rmSync(folder, { recursive: true })
    expect([status, stderr]).toEqual([0, ''])
    expect(kept).toEqual('enableCompileCache' in nodeModule ? ['node-compile-cache'] : [])
  })

  it('is not missed where there is no such folder', () => {
    const nowhere = join(import.meta.filename, 'nowhere')
    const { status, stderr, stdout } = coalmine(schema, { env: { TMPDIR: nowhere, TMP: nowhere, TEMP: nowhere } })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(coalmine(schema).stdout)
  })
})

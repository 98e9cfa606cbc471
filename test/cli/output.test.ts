// When what is printed can't be written, the program ends in one line, or in silence if nobody wants to read on.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { program, root } from './coalmine.js'

describe.each([
  ['run', ['run', 'scenarios/good-release.yaml']],
  ['schema', ['schema']],
  ['--help', ['--help']],
])('coalmine %s', (_, args) => {
  it('ends quietly when its reader has gone', async () => {
    const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout.destroy()
    expect([(await once(child, 'close'))[0], stderr]).toEqual([141, ''])
  })

  it.skipIf(!existsSync('/dev/full'))('says in one line that the disk is full', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: root,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect(stderr).toMatch(/^The output cannot be written: ENOSPC.*\n$/)
    expect(status).toBe(74)
  })
})

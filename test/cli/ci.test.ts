// The workflows in docs/ci: they are YAML of the shape that their hosts take, and their commands run.
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { coalmine, root } from './coalmine.js'

const folder = join(root, 'docs', 'ci')
const files = readdirSync(folder)
const work = mkdtempSync(join(tmpdir(), 'coalmine-ci-'))

interface Step {
  readonly run?: string
  readonly uses?: string
}

/** Lines that hosts would run, with what they would put in for variables. */
function commandsIn(file: string): readonly string[] {
  const jobs = parse(readFileSync(join(folder, file), 'utf8'))
  const written: string[] =
    file === 'github.yaml'
      ? (Object.values(jobs.jobs) as { steps: Step[] }[]).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
      : Object.values(jobs).flatMap((job) => (job as { script?: string[] }).script ?? [])
  return written.flatMap((line) => {
    const shards = /\$\{\{ matrix\.shard \}\}|\$CI_NODE_INDEX/g
    const total = line.replaceAll('$CI_NODE_TOTAL', '3')
    return shards.test(total) ? ['1', '2', '3'].map((shard) => total.replaceAll(shards, shard)) : [total]
  })
}

beforeAll(() => {
  symlinkSync(join(root, 'scenarios', 'three-replicas'), join(work, 'deploy'))
  symlinkSync(join(root, 'scenarios', 'faults'), join(work, 'scenarios'))
})
afterAll(() => rmSync(work, { recursive: true }))

describe.each(files)('%s', (file) => {
  it('has jobs of the shape that its host takes', () => {
    const text = readFileSync(join(folder, file), 'utf8')
    const { jobs } = parse(text)
    if (file !== 'github.yaml')
      return expect(Object.keys(parse(text))).toEqual(expect.arrayContaining(['stages', 'test']))
    for (const job of Object.values(jobs) as { 'runs-on': string; steps: Step[] }[]) {
      expect(job['runs-on']).toBe('ubuntu-latest')
      for (const { run, uses } of job.steps) expect([run, uses].filter((each) => each !== undefined)).toHaveLength(1)
    }
  })

  it('runs commands that there are', () => {
    const commands = commandsIn(file).filter((line) => line.startsWith('npx coalmine'))
    expect(commands.length).toBeGreaterThanOrEqual(5)
    for (const command of commands) {
      const [, , ...args] = command.replace(/ >.*/, '').split(' ')
      // Fewer runs of fewer scenarios say as much.
      const quick = args.map((arg) => (arg === '1000' ? '60' : arg === 'scenarios' ? 'scenarios/crash-loop.yaml' : arg))
      const { status, stderr } = coalmine(quick, { cwd: work })
      expect([command, [0, 1].includes(status!), stderr.includes('error:')]).toEqual([command, true, false])
    }
  })
})

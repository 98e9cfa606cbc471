import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-compare-'))
afterAll(() => rmSync(folder, { recursive: true }))

const caught = 'scenarios/caught-by-background-analysis'
const missed = 'scenarios/window-longer-than-pause'
const world = ['--scenario', `${missed}.yaml`]

/** A file of the policy that is caught, changed; the others are as they are. */
function variant(name: string, file: string, from: string | RegExp, to: string): string {
  mkdirSync(join(folder, name))
  for (const each of ['rollout.yaml', 'analysis.yaml', 'services.yaml', 'virtual-service.yaml']) {
    const text = readFileSync(join(root, caught, each), 'utf8')
    writeFileSync(join(folder, name, each), each === file ? text.replace(from, to) : text)
  }
  return join(folder, name)
}

const slower = variant('slower', 'analysis.yaml', 'interval: 30s', 'interval: 1m')
const renamed = variant('renamed', 'rollout.yaml', 'name: shop', 'name: store')
const commented = variant('commented', 'rollout.yaml', 'kind: Rollout', 'kind: Rollout # as ever')
const broken = variant('broken', 'rollout.yaml', 'steps:', 'steps: [')
const second = readFileSync(join(root, caught, 'rollout.yaml'), 'utf8').replace('name: shop', 'name: store')
const two = variant('two', 'services.yaml', /^/, `${second}---\n`)

function json(args: readonly string[]) {
  const { status, stdout, stderr } = coalmine(['compare', ...args, '--format', 'json'])
  return { status, stderr, comparison: JSON.parse(stdout) }
}

type Row = { metric: string; [key: string]: unknown }
const row = (rows: readonly Row[], metric: string) => rows.find((each) => each.metric === metric)

describe('coalmine compare A B', () => {
  it('says how many times as many users the second harms, and that it misses what the first catches', () => {
    const { status, stdout, stderr } = coalmine(['compare', caught, missed, ...world, '--runs', '100'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^A {2}scenarios\/caught-by-background-analysis$/m)
    expect(stdout).toMatch(/^5 % of requests fail {2}\(window-longer-than-pause\) {2}100 runs each from seed 1$/m)
    expect(stdout).toMatch(/^ {2}missed +0 % +100 % {2}✖ 100 points more \(\d[\d.]* to 100\)$/m)
    expect(stdout).toMatch(/^ {2}detection time +1m\S+ +- {4}only A ever does$/m)
    expect(stdout).toMatch(/^ {2}users harmed .* ✖ 12\d times as many \(1\d\d to 1\d\d\)$/m)
    expect(stdout).toMatch(/^B misses 100 % of the releases, A 0 %: .*; harms 12\d times as many users as A \(/m)
  })

  it('pairs the runs: what differs by a check a minute is told to the second', () => {
    const { comparison } = json([caught, slower, ...world, '--runs', '100'])
    const detect = row(comparison.worlds[0].rows, 'detect')!
    expect(detect).toMatchObject({ unit: 'duration', runs: 100, answer: 'worse' })
    const { value, low, high } = detect['difference'] as { value: number; low: number; high: number }
    expect(value).toBeGreaterThan(25_000)
    expect(value).toBeLessThan(35_000)
    expect(high - low).toBeLessThan(4000)
  })

  it('calls nobody worse who takes longer to abort for what both versions suffer from: there is nothing to detect', () => {
    const shared = join(folder, 'shared.yaml')
    const own = readFileSync(join(root, `${missed}.yaml`), 'utf8')
    writeFileSync(
      shared,
      own
        .replace(/^policy: .*/m, `policy: ${join(root, caught)}`)
        .replace('on: canary, errors: 5%', 'on: both, errors: 50%'),
    )
    const { rows } = json([caught, slower, '--scenario', shared, '--runs', '50']).comparison.worlds[0]
    expect(row(rows, 'false_abort')).toMatchObject({ first: 1, second: 1, answer: 'equal' })
    for (const metric of ['detect', 'detect.never', 'safe', 'safe.never']) {
      expect(row(rows, metric)?.['answer'] ?? 'equal', metric).toBe('equal')
    }
    expect(row(rows, 'duration')).toMatchObject({ answer: 'worse' })
  })

  it('says the same on any number of workers, to the byte', () => {
    const args = ['compare', caught, slower, ...world, '--scenario', 'scenarios/good-release.yaml', '--runs', '60']
    const one = coalmine([...args, '--format', 'json', '--workers', '1']).stdout
    expect(JSON.parse(one)).toMatchObject({ schema: 'coalmine.compare/v1', worlds: [{ seed: 1 }, { seed: 61 }] })
    for (const workers of ['2', '4'])
      expect(coalmine([...args, '--format', 'json', '--workers', workers]).stdout).toBe(one)
  })

  it('flies until differences are as precise as asked', () => {
    const { comparison } = json([caught, slower, ...world, '--precision', '10%'])
    const { runs } = comparison.worlds[0]
    expect(runs % 50).toBe(0)
    expect(runs).toBeLessThan(500)
    const { first, difference } = row(comparison.worlds[0].rows, 'users.harmed') as Row & {
      first: number
      difference: { low: number; high: number }
    }
    expect((difference.high - difference.low) / 2).toBeLessThan(0.1 * 2 * first)
  })

  it('says so when the two say the same, whatever their comments', () => {
    const args = [caught, commented, ...world, '--runs', '50', '--fail-if-worse', '0%']
    const { status, comparison } = json(args)
    expect([status, comparison.isIdentical, comparison.gate.answer]).toEqual([0, true, 'within'])
    for (const { difference } of comparison.worlds[0].rows as { difference: { value: number } | null }[])
      expect(difference?.value ?? 0).toBe(0)
    expect(coalmine(['compare', ...args]).stdout).toContain('A and B say the same: every difference is exactly 0.')
  })

  it('reads one of them from standard input, and several files by commas', () => {
    const files = ['rollout', 'analysis', 'services', 'virtual-service'].map((name) => `${slower}/${name}.yaml`)
    const expected = json([caught, slower, ...world, '--runs', '50']).comparison.worlds
    expect(json([caught, files.join(','), ...world, '--runs', '50']).comparison.worlds).toEqual(expected)
    const input = files.map((path) => readFileSync(path, 'utf8')).join('\n---\n')
    const piped = coalmine(['compare', caught, '-', ...world, '--runs', '50', '--format', 'json'], { input })
    expect(JSON.parse(piped.stdout).worlds).toEqual(expected)
  })

  it('takes a scenario for its policy and its world', () => {
    const { comparison } = json([`${caught}.yaml`, slower, '--runs', '50'])
    expect(comparison.worlds).toMatchObject([{ scenario: 'caught-by-background-analysis', runs: 50 }])
    const inOther = json([`${caught}.yaml`, `${missed}.yaml`, ...world, '--runs', '50'])
    expect(inOther.comparison.worlds).toMatchObject([{ scenario: 'window-longer-than-pause' }])
  })
})

describe('coalmine compare A B without a scenario', () => {
  it('flies both in one world that is assumed, with the default faults of check', () => {
    const { status, stdout, stderr } = coalmine(['compare', caught, slower, '--rate', '400/s', '--runs', '50'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^a release with nothing wrong {2}\(assumed world\) {2}50 runs each from seed 1$/m)
    expect(stdout).toMatch(/^ {2}the same in every run: .*duration 12m50.0s/m)
    expect(stdout).toMatch(/^10 % errors {2}\(assumed world\) {2}50 runs each from seed 101$/m)
    expect(stdout).toMatch(/^ {2}detection time .*later/m)
    expect(stdout).toMatch(/^overall {2}each of the 9 above weighs the same$/m)
  })
})

describe('coalmine compare --fail-if-worse', () => {
  it('ends with 1 where the second is worse beyond the margin, and says in what', () => {
    const { status, stdout } = coalmine(['compare', caught, slower, ...world, '--runs', '120', '--fail-if-worse', '5%'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✖ B is worse beyond the margin:$/m)
    expect(stdout).toMatch(/^ {4}detection time, .*later \(.*\); the margin is 5 %$/m)
    expect(stdout).toMatch(/^✔ B is within the margin in 4 of 7 figures$/m)
  })

  it('ends with 0 where it is better, or worse in something else', () => {
    expect(coalmine(['compare', slower, caught, ...world, '--runs', '100', '--fail-if-worse', '5%']).status).toBe(0)
    const { status, stdout } = coalmine([
      'compare',
      caught,
      slower,
      ...world,
      '--runs',
      '200',
      '--fail-if-worse',
      'missed:5%,users.harmed:100%',
    ])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^✔ B is within the margin in all 2 figures$/m)
  })

  it('ends with 0 where so few runs do not tell, and says how many would', () => {
    const { status, stdout } = coalmine([
      'compare',
      caught,
      slower,
      ...world,
      '--runs',
      '20',
      '--fail-if-worse',
      'missed:5%',
    ])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\? B may be worse beyond the margin, or not, in missed: --runs \d+ would probably tell$/m)
  })
})

describe('coalmine compare --format markdown', () => {
  it('has a line by which a bot finds it again, a small table, and the worlds folded away', () => {
    const args = ['compare', caught, slower, ...world, '--scenario', 'scenarios/good-release.yaml', '--runs', '50']
    const { stdout } = coalmine([...args, '--format', 'markdown', '--marker', 'shop.main'])
    expect(stdout.split('\n')[0]).toBe('<!-- coalmine-compare: shop.main -->')
    expect(stdout).toMatch(/^\*\*B detects .* later than A .*\*\*$/m)
    expect(stdout).toContain(
      '\n| | A | B | | B compared with A |\n| --- | ---: | ---: | --- | --- |\n| detection time |',
    )
    expect(stdout.match(/<details>/g)).toHaveLength(1)
    expect(stdout.match(/<\/details>/g)).toHaveLength(1)
    // Every row has as many cells as the head.
    for (const line of stdout.split('\n').filter((each) => each.startsWith('|')))
      expect(line.match(/\|/g)).toHaveLength(6)
  })
})

describe('Bad input for coalmine compare', () => {
  it.each([
    [[caught], "missing required argument 'B'", 'coalmine compare OLD NEW; see'],
    [[caught, slower, ...world, '--rate', '5/s'], "'--rate <rate>' cannot be used with option '--scenario <file>'", ''],
    [[`${caught}.yaml`, slower, '--rate', '5/s'], '--rate is for a world that is assumed', 'Change `traffic.rate`'],
    [['scenarios', slower], 'this is a scenario, not a manifest', ''],
    [[caught, 'nowhere', ...world], 'nowhere', '[file-missing]'],
    [[caught, broken, ...world], 'broken/rollout.yaml', ''],
    [[caught, two, ...world], 'Rollout', ''],
    [
      [caught, renamed, ...world],
      'it releases `default/store`, the first policy `default/shop`',
      'one name and namespace',
    ],
    [['-', '-', ...world], 'standard input can be one of them only', 'Write one of them to a file first.'],
    [[caught, slower, '--scenario', '-', '--scenario', '-'], 'standard input can be one of them only', ''],
    [
      [`${caught}.yaml`, `${missed}.yaml`],
      'its world is another than that of scenarios/caught-by-background-analysis.yaml: `release`',
      '--scenario',
    ],
    [[caught, slower, ...world, '--fail-if-worse', '5'], '`5` is no margin', '`users.harmed:5%`'],
    [[caught, slower, ...world, '--fail-if-worse', 'users.harm:5%'], 'unknown metric', 'did you mean `users.harmed`?'],
    [[caught, slower, ...world, '--marker', 'x'], "'--marker <name>' needs --format markdown", ''],
    [[caught, slower, ...world, '--format', 'markdown', '--marker', 'a --> b'], 'letters, digits', ''],
    [[caught, slower, ...world, '--seed', '9007199254740990'], 'go beyond the last seed', ''],
    [[caught, slower, ...world, '--format', 'html'], 'Allowed choices are text, json, markdown', ''],
  ])('%j', (args, message, hint) => {
    const { status, stdout, stderr } = coalmine(['compare', ...args])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
  })
})

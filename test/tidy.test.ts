// The house itself: who may import whom, what the core may not touch, and no file that nobody needs.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const src = join(root, 'src')

/** Which folders of `src` a folder may import, beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  scenario: ['kernel'],
  world: ['kernel', 'scenario'],
  metrics: ['kernel', 'scenario'],
  judge: ['kernel', 'scenario'],
  policy: ['kernel', 'scenario', 'world', 'metrics', 'judge'],
  run: ['kernel', 'scenario', 'world', 'metrics', 'judge', 'policy'],
  study: ['kernel', 'scenario', 'judge', 'policy', 'run'],
  report: ['kernel', 'scenario', 'world', 'policy', 'run', 'study'],
  cli: ['scenario', 'run', 'study', 'report'],
}

/** Not reached from the command line, and why they are here all the same. */
const aheadOfTheProgram: Readonly<Record<string, string>> = {}

/** The core also runs in a browser, and a run is a function of scenario and seed alone. */
const core = ['kernel', 'scenario', 'world', 'metrics', 'judge', 'policy', 'run']
const forbiddenInCore: readonly (readonly [RegExp, string])[] = [
  [/from 'node:|import\('node:|require\(/, 'a node module'],
  [/\bDate\.now\b|\bnew Date\(\)|\bperformance\b/, 'the wall clock'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bqueueMicrotask\b/, 'a timer'],
  [/\btoLocale\w+\b|\blocaleCompare\b|\bIntl\b/, 'the locale'],
  [/\bprocess\.|\bglobalThis\b|\bwindow\./, 'the surroundings'],
]

interface Source {
  readonly path: string
  readonly folder: string
  readonly text: string
  readonly code: string
  readonly imports: readonly string[]
}

const sources: readonly Source[] = filesUnder(src)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map(readSource)

describe('The house', () => {
  it('has only folders that the design names', () => {
    expect(new Set(sources.map(({ folder }) => folder))).toEqual(new Set(Object.keys(mayImport)))
  })

  it('imports only downwards', () => {
    const upward = sources.flatMap((source) =>
      source.imports
        .filter((path) => path.startsWith(src))
        .map(folderOf)
        .filter((folder) => folder !== source.folder && !mayImport[source.folder]?.includes(folder))
        .map((folder) => `${name(source.path)} imports from ${folder}`),
    )
    expect(upward).toEqual([])
  })

  it('imports only files that are there', () => {
    const absent = sources.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => imported.startsWith(src) && !existsSync(imported))
        .map((to) => `${name(path)}: ${to}`),
    )
    expect(absent).toEqual([])
  })

  it('has no import cycles', () => {
    expect(cycles().map((cycle) => cycle.map(name).join(' -> '))).toEqual([])
  })

  it('keeps nodes, clocks, chance, timers and locales out of the core', () => {
    const found = sources
      .filter(({ folder }) => core.includes(folder))
      .flatMap(({ path, code }) =>
        forbiddenInCore.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${name(path)} touches ${what}`),
      )
    expect(found).toEqual([])
  })

  it('has no file that nobody needs', () => {
    const reached = new Set<string>()
    const visit = (path: string) => {
      if (reached.has(path)) return
      reached.add(path)
      for (const imported of sources.find((source) => source.path === path)?.imports ?? []) visit(imported)
    }
    visit(join(src, 'cli', 'main.ts'))
    const unreached = sources.filter(({ path }) => !reached.has(path)).map(({ path }) => name(path))
    expect(unreached.sort()).toEqual(Object.keys(aheadOfTheProgram).sort())
  })

  it('opens every file with a sentence on what it is for', () => {
    const opening = /^(#!.*\n)?\/\/ \S.*|^\/\*\*/
    expect(sources.filter(({ text }) => !opening.test(text)).map(({ path }) => name(path))).toEqual([])
  })

  it('has no file too long to be one idea', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => name(path))
    expect(long).toEqual([])
  })

  it('leaves nothing for later and switches no check off', () => {
    const marks = /\bTODO\b|\bFIXME\b|@ts-ignore|@ts-nocheck|: any\b|\bas any\b|console\.log/
    expect(sources.filter(({ text }) => marks.test(text)).map(({ path }) => name(path))).toEqual([])
  })

  it('links only to files that are there', () => {
    const broken = filesUnder(root)
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
          .map(([, target]) => join(dirname(path), target!))
          .filter((target) => !existsSync(target))
          .map((target) => `${name(path)} -> ${name(target)}`),
      )
    expect(broken).toEqual([])
  })
})

function cycles(): readonly (readonly string[])[] {
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      found.push([...trail.slice(start), path])
      return
    }
    if (done.has(path)) return
    for (const imported of sources.find((source) => source.path === path)?.imports ?? [])
      visit(imported, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  return found
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1')
  const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) =>
    resolve(dirname(path), target!.replace(/\.js$/, '.ts')),
  )
  return { path, folder: folderOf(path), text, code, imports }
}

function folderOf(path: string): string {
  return relative(src, path).split('/')[0]!
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.git'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

function name(path: string): string {
  return relative(root, path)
}

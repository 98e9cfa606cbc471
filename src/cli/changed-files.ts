// Which files git says have changed, for `test --changed`.
import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Candidate } from '../study/test/test.js'

/** Git is asked for something that it doesn't know, or that nobody can. */
export class NoChanges extends Error {}

/** Of the scenarios those that read a file that differs from what it was at that commit, or that git doesn't keep. */
export function changedSince<Reader extends Pick<Candidate, 'reads'>>(
  reference: string,
  readers: readonly Reader[],
): readonly Reader[] {
  const all = new Map<string, Set<string>>()
  for (const path of readers.flatMap(readBy)) {
    const repository = repositoryOf(path)
    all.set(repository, (all.get(repository) ?? new Set()).add(path))
  }
  const changed = new Set([...all].flatMap(([repository, paths]) => changedIn(repository, reference, [...paths])))
  // What has gone from a folder is read by nobody any more.
  const folders = new Set([...changed].filter((path) => !existsSync(path)).map(dirname))
  return readers.filter((reader) => readBy(reader).some((path) => changed.has(path) || folders.has(path)))
}

function readBy({ reads }: Pick<Candidate, 'reads'>): readonly string[] {
  return reads.filter((path) => path !== '-').map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)))
}

function repositoryOf(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder))
      throw new NoChanges(`\`${path}\` is in no git repository: nobody knows if it changed`)
  }
}

function changedIn(repository: string, reference: string, paths: readonly string[]): readonly string[] {
  const tracked = git(repository, ['diff', '--name-only', '--no-renames', '--no-relative', '-z', reference, '--'])
  const untracked = git(repository, ['--literal-pathspecs', 'ls-files', '--others', '-z', '--', ...paths])
  return [...tracked, ...untracked].map((name) => join(repository, name))
}

function git(repository: string, args: readonly string[]): readonly string[] {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', repository, ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (error) throw new NoChanges(`git can't be asked what changed: ${error.message}`)
  if (status !== 0)
    throw new NoChanges(
      stderr
        .trim()
        .replace(/^(fatal|error): /, '')
        .split('\n')[0]!,
    )
  return stdout.split('\0').filter((name) => name !== '')
}

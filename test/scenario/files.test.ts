// Paths, as far as the core knows them.
import { expect, test } from 'vitest'
import { baseName, directoryOf, pathFrom, pathIn } from '../../src/scenario/files.js'

test.each([
  ['scenarios/shop.yaml', 'rollout.yaml', 'scenarios/rollout.yaml'],
  ['scenarios/shop.yaml', './rollout.yaml', 'scenarios/rollout.yaml'],
  ['scenarios/shop.yaml', '../rollout.yaml', 'rollout.yaml'],
  ['scenarios/shop.yaml', '../../rollout.yaml', '../rollout.yaml'],
  ['scenarios/shop.yaml', '.', 'scenarios'],
  ['scenarios/shop.yaml', '..', '.'],
  ['shop.yaml', 'policies/', 'policies'],
  ['shop.yaml', 'rollout.yaml', 'rollout.yaml'],
  ['./shop.yaml', 'rollout.yaml', 'rollout.yaml'],
  ['../shop.yaml', '../rollout.yaml', '../../rollout.yaml'],
  ['/srv/shop.yaml', '../rollout.yaml', '/rollout.yaml'],
  ['/shop.yaml', 'rollout.yaml', '/rollout.yaml'],
  ['/shop.yaml', '../rollout.yaml', '/rollout.yaml'],
  ['scenarios/shop.yaml', '/srv/rollout.yaml', '/srv/rollout.yaml'],
  ['C:\\scenarios\\shop.yaml', '..\\rollout.yaml', 'C:/rollout.yaml'],
  ['scenarios/shop.yaml', 'C:\\rollout.yaml', 'C:\\rollout.yaml'],
])('from %s, %s is %s', (file, written, path) => {
  expect(pathFrom(file, written)).toBe(path)
})

test.each([
  ['a/b/c.yaml', 'a/b', 'c.yaml'],
  ['c.yaml', '.', 'c.yaml'],
  ['/c.yaml', '/', 'c.yaml'],
  ['a\\c.yaml', 'a', 'c.yaml'],
])('%s lies in %s and is called %s', (path, directory, name) => {
  expect([directoryOf(path), baseName(path)]).toEqual([directory, name])
})

test('one path has one form', () => {
  expect(['a/b', './a/b', 'a//b', 'a/./b', 'a/x/../b', 'a/b/'].map((path) => pathIn('.', path))).toEqual(
    Array.from({ length: 6 }, () => 'a/b'),
  )
})

// Label sets: equal ones are one object, sorted, and projected for grouping.

import { expect, test } from 'vitest'
import { compareLabels, LabelTable } from '../../src/metrics/labels.js'

test('Equal sets are the same object, whatever order they are given in', () => {
  const table = new LabelTable()
  expect(table.of({ b: '2', a: '1' })).toBe(table.of({ a: '1', b: '2' }))
  expect(table.of({ a: '1' })).not.toBe(table.of({ a: '2' }))
})

test('A label with an empty value is no label', () => {
  const table = new LabelTable()
  expect(table.of({ a: '1', b: '' })).toBe(table.of({ a: '1' }))
  expect(table.of({ a: '1' }).get('b')).toBe('')
  expect(table.with(table.of({ a: '1' }), 'a', '')).toBe(table.empty)
})

test('Sets whose labels run together are still different', () => {
  const table = new LabelTable()
  expect(table.of({ a: '1', b: '2' })).not.toBe(table.of({ a: '1","b","2' }))
})

test('A set prints as Prometheus prints it', () => {
  const table = new LabelTable()
  expect(table.of({ job: 'a"b', __name__: 'up' }).toString()).toBe('{__name__="up", job="a\\"b"}')
  expect(table.empty.toString()).toBe('{}')
})

test('Grouping keeps or drops labels, and yields one object for one group', () => {
  const table = new LabelTable()
  const one = table.of({ __name__: 'c', job: 'a', pod: '1' })
  const two = table.of({ __name__: 'c', job: 'a', pod: '2' })
  const byJob = table.keeping(['job', 'none'])
  expect(byJob.of(one)).toBe(byJob.of(two))
  expect(byJob.of(one).toRecord()).toEqual({ job: 'a' })
  expect(table.dropping(['pod', '__name__']).of(one)).toBe(byJob.of(one))
  expect(table.keeping([]).of(one)).toBe(table.empty)
})

test('What is no longer the metric loses its name, type and unit', () => {
  const table = new LabelTable()
  const labels = table.of({ __name__: 'c', __type__: 'counter', __unit__: 'seconds', job: 'a' })
  expect(labels.withoutName.toRecord()).toEqual({ job: 'a' })
})

test('Sets sort by the first label that differs', () => {
  const table = new LabelTable()
  const sets = [{ b: '1' }, { a: '2' }, { a: '1', b: '0' }, { a: '1' }, {}].map((record) => table.of(record))
  expect(sets.toSorted(compareLabels).map(String)).toEqual(['{}', '{a="1"}', '{a="1", b="0"}', '{a="2"}', '{b="1"}'])
})

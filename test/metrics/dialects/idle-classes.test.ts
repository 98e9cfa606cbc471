// Classes of status at zero: no code of the world is among them, or a series would be told twice.
import { expect, test } from 'vitest'
import type { RequestFamily } from '../../../src/metrics/dialects/dialect.js'
import { idle } from '../../../src/metrics/dialects/idle-classes.js'
import { CODES } from '../../../src/world/codes.js'

const requests: RequestFamily = {
  name: 'responses_total',
  quantity: 'requests',
  side: 'client',
  type: 'counter',
  help: '',
  counts: 'responses',
  fixed: {},
  labels: (_, code) => ({ class: code[0]! }),
}

test('All classes of status are either answered with or idle', () => {
  const answered = CODES.map((code) => String(code)[0]!)
  const { variants = [] } = idle(requests)
  expect([...new Set([...answered, ...variants])].sort()).toEqual(['1', '2', '3', '4', '5'])
  expect(variants.filter((each) => answered.includes(each))).toEqual([])
})

// How a web metric's answer becomes a value, as observed of the controller and of Kubernetes' JSONPath library.

import { describe, expect, it } from 'vitest'
import { webJsonPath, webResult } from '../../../../src/policy/argo/condition/web-result.js'

const DOCUMENT = JSON.stringify({
  a: { v: 0.5 },
  items: [
    { name: 'x', v: 1 },
    { name: 'y', v: 2 },
  ],
  ragged: [{ v: 1 }, { name: 'y', v: 2 }],
  'da-sh': 3,
  list: [1, 2, 3, 4],
  none: null,
  text: 'up',
})

describe('a JSONPath', () => {
  it.each([
    ['{$.a.v}', '0.5'],
    ['{.a}', '{"v":0.5}'],
    ["{$['da-sh']}", '3'],
    ['{$.da-sh}', '3'],
    ['{$.items[*].v}', '1'],
    ['{$.items[-1].v}', '2'],
    ['{$.ragged[?(@.name)].v}', '2'],
    ['{$.items[0:2]}', '{"name":"x","v":1}'],
    ['{$.list[::2]}', '1'],
    ['{$.list[3,0]}', '4'],
    ['{$.items[?(@.name=="y")].v}', '2'],
    ['{$.items[?(@.v>1.5)].v}', '2'],
    ['{$.items[?(@.name)].v}', '1'],
    ['{range $.items[*]}{.v}{end}', '1'],
    ['{$.none}', 'null'],
    ['{$..name}', '"x"'],
    ['$.a.v', '"$.a.v"'],
    ['x {$.a.v}', '"x "'],
    ['{"q"}', '"q"'],
    ['{true}', 'true'],
    ['{1.5}', '1.5'],
  ])('%s finds %s', (path, value) => {
    expect(webResult(200, DOCUMENT, webJsonPath(path))).toMatchObject({ kind: 'value', value })
  })

  it.each([
    ['{$.missing}', 'Could not find JSONPath in body: missing is not found'],
    ['{$.list[9]}', 'Could not find JSONPath in body: array index out of bounds: index 9, length 4'],
    ['{$.list[2:1]}', 'Could not find JSONPath in body: starting index 2 is greater than ending index 1'],
    ['{$.list[::0]}', 'Could not find JSONPath in body: step must be > 0'],
    ['{$.a[0]}', 'Could not find JSONPath in body: map[string]interface {} is not array or slice'],
    ['{$.items[?(@.v>1)].v}', 'Could not find JSONPath in body: incompatible types for comparison'],
    ['{$.ragged[?(@.name=="y")].v}', 'Could not find JSONPath in body: name is not found'],
    ['{$.items[?(@.name=="q")].v}', 'result of web metric produced no value'],
    ['{$.a', 'unclosed action'],
    ['{$.a[}', 'unterminated array'],
    ['{$.list[x]}', 'invalid array index x'],
    ['{$.items[?(@.v>1}', 'unterminated filter'],
    ['{end}', 'Could not find JSONPath in body: not in range, nothing to end'],
    ['{foo}', 'Could not find JSONPath in body: unrecognized identifier foo'],
    ['{#}', "unrecognized character in action: U+0023 '#'"],
    ['{$....v}', 'invalid multiple recursive descent'],
  ])('%s fails: %s', (path, message) => {
    expect(webResult(200, DOCUMENT, webJsonPath(path))).toEqual({ kind: 'error', message })
  })
})

describe('an answer', () => {
  it.each(['', 'OK\n', '{"a":1', '{"a":1}x', 'NaN', '1e999', "{'a':1}"])(
    'that is no JSON is its own value: %j',
    (body) => {
      expect(webResult(200, body)).toEqual({ kind: 'text', value: body })
    },
  )

  it('of null alone brings the controller down, whatever the path asks for of the document itself', () => {
    for (const path of ['{$}', '', '{@}', '{$[0]}']) {
      expect(webResult(200, 'null', webJsonPath(path)).kind, path).toBe('controllerPanic')
    }
    expect(webResult(200, 'null', webJsonPath('{$.a}')).kind).toBe('error')
  })

  it.each([
    [{ b: 1, a: '<é\u2028' }, '{"a":"\\u003cé\\u2028","b":1}'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [2 ** 70, '1.1805916207174113e+21'],
    [[], '[]'],
  ])('is written back as Go writes JSON: %j', (answer, value) => {
    expect(webResult(200, JSON.stringify(answer))).toMatchObject({ kind: 'value', value })
  })

  it('outside 200 to 299 is an error', () => {
    expect(webResult(503, '{}')).toEqual({ kind: 'error', message: 'received non 2xx response code: 503' })
    expect(webResult(299, '5')).toMatchObject({ kind: 'value', result: 5 })
  })
})

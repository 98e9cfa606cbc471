// Templates of alerts: what they say, what is wrong with them, and how much they may do.
import { describe, expect, it } from 'vitest'
import { type AlertData, check, expand } from '../../../src/metrics/template/expand.js'
import type { TemplateFunction } from '../../../src/metrics/template/functions/function.js'
import { Template } from '../../../src/metrics/template/template.js'
import { TemplateError } from '../../../src/metrics/template/template-error.js'
import { STRING, STRING_MAP } from '../../../src/metrics/template/value/type.js'
import { mapValue, stringOf, textOf } from '../../../src/metrics/template/value/value.js'
import { prometheus } from '../../oracle/oracle.js'
import { readTemplateCases } from './case-file.js'
import { expanded, isSame } from './expanded.js'

const cases = readTemplateCases()

describe('A template says what it says in Prometheus', () => {
  it.each(cases)('line $line: $question.text', ({ question, expected }) => {
    const given = expanded(question)
    if (!isSame(question, expected, given)) expect(given).toEqual(expected)
  })
})

it.skipIf(!prometheus.isThere(`${cases.length} templates of the case file`))('Prometheus says so itself', () => {
  const answers = prometheus.ask(cases.map(({ question }) => JSON.stringify({ template: question })))
  const wrong = cases.filter(({ question, expected }, at) => !isSame(question, expected, JSON.parse(answers[at]!)))
  expect(wrong).toEqual([])
})

const data: AlertData = {
  labels: { job: 'api' },
  value: 0.5,
  externalLabels: {},
  externalUrl: 'http://localhost:9090',
  timeMs: 0,
  query: () => [],
}

describe('An alert', () => {
  it('keeps a text without actions as it is', () => {
    expect(expand('A', 'job api } fails', data)).toBe('job api } fails')
  })

  it('shows the error of a template in place of its text', () => {
    expect(expand('A', 'it is {{ humanize "x" }}', data)).toBe(
      '<error expanding template: error executing template __alert_A: template: __alert_A:1:121: executing "__alert_A" at <humanize "x">: error calling humanize: strconv.ParseFloat: parsing "x": invalid syntax>',
    )
  })

  it('has a template refused only for what can be seen without data', () => {
    expect(check('A', '{{ humanize "x" }}')).toBeUndefined()
    expect(check('A', '{{ humanise 1 }}')).toBe('template: __alert_A:1: function "humanise" not defined')
  })

  it('asks queries in the words of the template', () => {
    const asked: string[] = []
    const query = (text: string) => {
      asked.push(text)
      return [{ labels: { job: 'é' }, value: 2 }]
    }
    const text = '{{ with printf "up{job=%q} == 1" "é" | query }}{{ . | first | label "job" }}{{ end }}'
    expect(expand('A', text, { ...data, query })).toBe('é')
    expect(asked).toEqual(['up{job="é"} == 1'])
  })
})

describe('What goes too far is refused by name', () => {
  const twice = '{{ $x = printf "%s%s" $x $x }}'
  it.each([
    [
      'a template that calls itself',
      '{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}',
      'exceeded maximum template depth (500)',
    ],
    [
      'a loop without end',
      '{{ range 1000000000000 }}{{ end }}{{ range 9000000 }}{{ . }}{{ end }}',
      'steps are not supported',
    ],
    ['loops in loops', '{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}', 'steps are not supported'],
    [
      'a text that doubles',
      `{{ $x := "0123456789" }}{{ range 60 }}${twice}{{ end }}`,
      'text of more than 1048576 bytes is not supported',
    ],
    [
      'an output without end',
      '{{ range 600000 }}0123456789{{ end }}',
      'text of more than 1048576 bytes is not supported',
    ],
    [
      'a width without end',
      '{{ printf "%1000000d%1000000d" 1 2 }}',
      'text of more than 1048576 bytes is not supported',
    ],
    [
      'parentheses in parentheses',
      `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
      'more than 500 levels are not supported',
    ],
    [
      'blocks in blocks',
      '{{ if 1 }}'.repeat(5000) + '{{ end }}'.repeat(5000),
      'more than 500 levels are not supported',
    ],
    [
      'templates with blocks in blocks that call themselves',
      `{{ define "t" }}${'{{ if 1 }}'.repeat(400)}{{ template "t" }}${'{{ end }}'.repeat(400)}{{ end }}{{ template "t" }}`,
      'more than 1200 nested levels are not supported',
    ],
    [
      'templates with parentheses in parentheses that call themselves',
      `{{ define "t" }}${'{{ if 1 }}'.repeat(80)}{{ print ${'(print '.repeat(400)}1${')'.repeat(400)} }}{{ template "t" }}${'{{ end }}'.repeat(80)}{{ end }}{{ template "t" }}`,
      'more than 1200 nested levels are not supported',
    ],
    ['a complex number', '{{ 1i }}', 'complex numbers are not supported: 1i'],
    [
      'a method of times that needs a time zone',
      '{{ (toTime 5).Local }}',
      'method Local of time.Time is not supported',
    ],
    ['a time beyond the calendar', '{{ (toTime 5).AddDate 999999 1 1 }}', 'dates as far away are not supported'],
  ])('%s', (_, text, complaint) => {
    expect(expand('A', text, data)).toContain(complaint)
  })

  it('but templates call each other and nest as deeply as anybody needs', () => {
    const levels = 400
    const text = `${'{{ if 1 }}{{ with (((1))) }}'.repeat(levels / 2)}x${'{{ end }}{{ end }}'.repeat(levels / 2)}`
    expect(expand('A', text, data)).toBe('x')
    const counting = '{{ define "t" }}{{ if . }}{{ slice . 1 | template "t" }}{{ end }}{{ end }}'
    expect(check('A', counting)).toContain('unexpected')
    const down =
      '{{ define "t" }}{{ if . }}.{{ template "t" slice . 1 }}{{ end }}{{ end }}{{ template "t" printf "%400d" 1 }}'
    expect(expand('A', down, data)).toBe('.'.repeat(400))
  })
})

describe('The engine', () => {
  const variables = mapValue(STRING_MAP, [['threshold', stringOf('5')]])
  const functions = new Map<string, TemplateFunction>([
    ['target', { parameters: [], call: () => textOf('podinfo') }],
    ['variables', { parameters: [], call: () => variables }],
    ['join', { parameters: [STRING], isVariadic: true, call: (args) => textOf(String(args.length)) }],
  ])
  const run = (text: string) => new Template('m', text, new Set(functions.keys())).run(undefined, functions, 'invalid')

  it('takes whatever functions it is given', () => {
    expect(run('{{ target }}-primary > {{ variables.threshold }} {{ join "a" "b" }}')).toBe('podinfo-primary > 5 2')
  })

  it('has nothing where there is no data', () => {
    expect(run('{{ . }} {{ .x }} {{ variables.none }}')).toBe('<no value> <no value> <no value>')
  })

  it('knows none but the builtin and the given functions', () => {
    expect(() => run('{{ humanize 1 }}')).toThrow(TemplateError)
  })
})

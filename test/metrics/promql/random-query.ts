// Random queries over the whole of PromQL: most mean something on series of random-series.ts, a few are refused.

import type { Chance } from '../../conformance/chance.js'
import { LABELS, NAMES, type SeriesSet, writtenLabel, writtenMetric } from './random-series.js'

const EXACT_FUNCTIONS = ['abs', 'ceil', 'floor', 'sgn', 'sqrt', 'round', 'absent', 'timestamp', 'deg', 'rad'] as const
const ROUNDED_FUNCTIONS = 'exp ln log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh'.split(' ')
const CALENDAR = 'minute hour day_of_week day_of_month day_of_year days_in_month month year'.split(' ')
const RANGE_FUNCTIONS = [
  ...'rate increase delta irate idelta deriv changes resets absent_over_time present_over_time'.split(' '),
  ...'avg_over_time sum_over_time count_over_time min_over_time max_over_time first_over_time'.split(' '),
  ...'last_over_time stddev_over_time stdvar_over_time rate increase'.split(' '),
]
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'] as const
const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='] as const
const DURATIONS = ['1m', '5m', '30s', '2m30s', '15s', '10m', '1h', '90', '1ms', '0.5', '45s', '1d'] as const

const NUMBERS = [
  ...'0 1 2 0.5 -1 3 10 100 1e3 .5 5. 1e-3 0x1F 1_000 017 1e9 Inf +Inf -Inf NaN inf nan'.split(' '),
  ...'5m 1h30m 1ms 0.95 0.99 1.5e+3 -0 08 1E2'.split(' '),
]
const MOST = '1 2 3 5 100 1 2 3 1.9 0 -1 NaN Inf -Inf 1e18 1e19 0.5'.split(' ')
const QUANTILES = '0.5 0.9 0 1 0.99 0.25 0.5 0.9 1.5 -0.1 NaN Inf'.split(' ')

/**
 * What a query may hold. Libraries of exp, sin and their like differ in the last digits: their results may be passed
 * on, but not subtracted, rounded or compared, which would make much of little.
 */
type Precision = 'exact' | 'rounded'

export class RandomQuery {
  constructor(
    private readonly chance: Chance,
    /** What it is mostly about. */
    private readonly set: SeriesSet,
    /** Whether the query is asked at several steps. */
    private hasSteps: boolean,
  ) {}

  /** Of any type, but rarely a string or a range vector. */
  any(): string {
    const size = this.chance.oneOf([0, 1, 1, 2, 2, 3, 4])
    const kind = this.chance.below(40)
    if (kind === 0) return this.string()
    if (kind === 1) return this.range(size)
    if (kind < 6) return this.scalar(size, 'rounded')
    return this.vector(size, 'rounded')
  }

  vector(size: number, precision: Precision = 'exact'): string {
    if (size <= 0) return this.instantSelector()
    const { chance } = this
    const next = size - 1
    switch (chance.below(26)) {
      case 0:
      case 1:
        return this.instantSelector()
      case 2:
      case 3:
        return this.elementwise(next, precision)
      case 4:
      case 5:
      case 6:
      case 7:
        return this.rangeCall(next)
      case 8:
      case 9:
      case 10:
      case 11:
        return this.aggregation(next, precision)
      case 12:
      case 13:
      case 14:
      case 15:
        return this.betweenVectors(next, precision)
      case 16:
      case 17:
        return this.withScalar(next, precision)
      case 18:
        return `${this.vector(next)} ${this.keyword(chance.oneOf(['and', 'or', 'unless']))}${chance.happens(0.01) ? ' bool' : ''}${this.matching(false)} ${this.vector(next)}`
      case 19:
        return this.relabelling(next, precision)
      case 20:
        return this.ofHistogram(next)
      case 21:
        return `${chance.oneOf(['-', '+', '- '])}${this.vector(next, precision)}`
      case 22:
        return `(${this.vector(next, precision)})`
      case 23:
        return `${chance.oneOf(['sort', 'sort_desc'])}(${this.vector(next)})`
      case 24:
        return `vector(${this.scalar(next, precision)})`
      default:
        return this.calendar(next)
    }
  }

  scalar(size: number, precision: Precision = 'exact'): string {
    const { chance } = this
    if (size <= 0 || chance.happens(0.4)) return this.number()
    const next = size - 1
    switch (chance.below(8)) {
      case 0:
        return 'time()'
      case 1:
        return 'pi()'
      case 2:
        return `-${this.scalar(next, precision)}`
      case 3:
        return `(${this.scalar(next, precision)})`
      case 4:
        return `${this.scalar(next)} ${chance.oneOf(COMPARISONS)} ${this.keyword('bool')} ${this.scalar(next)}`
      case 5:
        return `${this.scalar(next)} ${chance.oneOf(['+', '-', '*', '/', '%'])} ${this.scalar(next)}`
      default:
        return `scalar(${this.vector(next, precision)})`
    }
  }

  range(size: number): string {
    const { chance } = this
    if (size > 0 && chance.happens(0.3)) {
      const step = chance.oneOf(['', '', '', '15s', '1m', '1m', '10s', '7', '1m30s', '0.0001'])
      const { hasSteps } = this
      this.hasSteps = true
      const subject = this.subject(size)
      this.hasSteps = hasSteps
      return `${subject}[${this.duration()}:${step}]${this.modifiers()}`
    }
    return `${this.selector()}[${this.duration()}]${this.modifiers()}`
  }

  number(): string {
    return this.chance.oneOf(NUMBERS)
  }

  private instantSelector(): string {
    return `${this.selector()}${this.modifiers()}`
  }

  private selector(): string {
    const { chance } = this
    const name = chance.oneOf(chance.happens(0.85) ? this.set.names : NAMES)
    if (chance.happens(0.06))
      return `{__name__=~"${chance.oneOf(['.*_total', 'load|up', '.+', 'l.*', '(?i)LOAD', 'job:.*'])}"}`
    if (chance.happens(0.04)) return `{"${name}"${chance.happens(0.5) ? `,${this.matcher()}` : ''}}`
    if (chance.happens(0.7)) return /\W/.test(name) || chance.happens(0.05) ? writtenMetric(name) : name
    const matchers = Array.from({ length: 1 + chance.below(2) }, () => this.matcher())
    return writtenMetric(name, `${matchers.join(chance.oneOf([',', ', ']))}${chance.happens(0.05) ? ',' : ''}`)
  }

  private matcher(): string {
    const { chance } = this
    const label = this.label()
    const values = LABELS[label] ?? ['x']
    const value = chance.oneOf([...values, ''])
    const quote = chance.oneOf(['"', '"', '"', "'", '`'])
    const name = chance.happens(0.03) ? `"${label}"` : writtenLabel(label)
    if (chance.happens(0.6)) return `${name}${chance.oneOf(['=', '=', '!='])}${quote}${value}${quote}`
    const regex = chance.oneOf([
      ...values.map(escaped),
      '.*',
      '.+',
      'api.*',
      '[12]',
      'api|web',
      '(?i:API)',
      '^1$',
      '5..',
      '',
      '2\\\\d+',
      '(1)?',
    ])
    return `${name}${chance.oneOf(['=~', '=~', '!~'])}"${regex}"`
  }

  private label(): string {
    return this.chance.oneOf([...Object.keys(LABELS), 'job', 'instance', 'none'])
  }

  private labels(): string {
    const { chance } = this
    const names = Array.from({ length: chance.below(4) }, () => writtenLabel(this.label()))
    return `(${names.join(', ')}${names.length > 0 && chance.happens(0.03) ? ',' : ''})`
  }

  private duration(): string {
    return this.chance.oneOf(DURATIONS)
  }

  private modifiers(): string {
    const { chance } = this
    const offset = () => ` ${this.keyword('offset')} ${chance.oneOf(['', '', '-', '- '])}${this.duration()}`
    const { lastSeconds } = this.set
    const instants = ['0', '-5', '1e2', '150.25', String(lastSeconds), String(lastSeconds / 2), '1m']
    const at = () => ` @ ${chance.oneOf([...instants, 'start()', 'end()', 'start()', 'end()'])}`
    if (chance.happens(0.85)) return ''
    return chance.oneOf([offset, offset, at, () => offset() + at(), () => at() + offset()])()
  }

  /** What a modifier or brackets may follow without changing what belongs together. */
  private subject(size: number): string {
    const inner = this.vector(size - 1)
    return /^[\w:]*(\{[^}]*\})?$/.test(inner) && this.chance.happens(0.8) ? inner : `(${inner})`
  }

  private keyword(word: string): string {
    return this.chance.happens(0.05) ? word.toUpperCase() : word
  }

  private elementwise(size: number, precision: Precision): string {
    const { chance } = this
    const inner = this.vector(size)
    if (precision === 'rounded' && chance.happens(0.4)) {
      const name = chance.oneOf(ROUNDED_FUNCTIONS)
      // On amd64, Go has logarithms of subnormal numbers wrong; of what is rounded, there are none.
      return name === 'ln' || name === 'log10' ? `${name}(round(${inner}, 1e-6))` : `${name}(${inner})`
    }
    switch (chance.below(6)) {
      case 0:
        return `clamp(${inner}, ${this.scalar(size)}, ${this.scalar(size)})`
      case 1:
        return `${chance.oneOf(['clamp_min', 'clamp_max'])}(${inner}, ${this.scalar(size)})`
      case 2:
        return `round(${inner}, ${chance.oneOf(['0.1', '5', '10', '0.25', '-1', '0', this.scalar(size)])})`
      default:
        return `${chance.oneOf(EXACT_FUNCTIONS)}(${inner}${chance.happens(0.03) ? ',' : ''})`
    }
  }

  private rangeCall(size: number): string {
    const { chance } = this
    const range = this.range(size)
    if (chance.happens(0.06)) return `quantile_over_time(${this.scalar(size)}, ${range})`
    if (chance.happens(0.06)) return `predict_linear(${range}, ${this.scalar(size)})`
    return `${chance.oneOf(RANGE_FUNCTIONS)}(${chance.happens(0.03) ? `(${range})` : range})`
  }

  private aggregation(size: number, precision: Precision): string {
    const { chance } = this
    const modifier = `${this.keyword(chance.oneOf(['by', 'without']))} ${this.labels()}`
    const [before, after] = chance.oneOf([
      ['', ''],
      [` ${modifier} `, ''],
      ['', ` ${modifier}`],
    ] as const)
    const call = (operator: string, args: string) => `${this.keyword(operator)}${before}(${args})${after}`
    const kind = chance.below(16)
    const inner = this.vector(size)
    if (kind === 0) return call('quantile', `${this.quantile(size)}, ${inner}`)
    if (kind === 1 || kind === 2) {
      const most = chance.happens(0.8) ? chance.oneOf(MOST) : this.scalar(size)
      return call(chance.oneOf(['topk', 'bottomk']), `${most}, ${this.inOrder(inner)}`)
    }
    if (kind === 3)
      return call(
        'count_values',
        `"${chance.oneOf(['v', 'job', 'le', 'value', 'on', 'c.d', '__name__', ''])}", ${inner}`,
      )
    if (kind === 4) return call(chance.oneOf(['min', 'max', 'count']), this.vector(size, precision))
    return call(chance.oneOf(AGGREGATIONS), inner)
  }

  /**
   * The order of series decides between equal ones. With several steps, as in a subquery, Prometheus shuffles them, but
   * for those it fetches; and where it sorts more than twelve, equals fall as they may.
   */
  private inOrder(inner: string): string {
    const hasOrder = /^[\w:]+$/.test(inner) || !(this.hasSteps || /sort|count_values|histogram_|:[^\][]*\]/.test(inner))
    return hasOrder ? inner : `rate(${this.selector()}[${this.duration()}])`
  }

  private quantile(size: number): string {
    return this.chance.happens(0.8) ? this.chance.oneOf(QUANTILES) : this.scalar(size)
  }

  private betweenVectors(size: number, precision: Precision): string {
    const { chance } = this
    const matching = this.matching(true)
    if (chance.happens(0.3)) {
      const comparison = `${chance.oneOf(COMPARISONS)}${chance.happens(0.4) ? ` ${this.keyword('bool')}` : ''}`
      return this.sides(comparison, matching, size, 'exact')
    }
    if (precision === 'rounded' && chance.happens(0.2)) {
      return `(${this.sides(chance.oneOf(['^', 'atan2']), matching, size, 'exact')})`
    }
    const operator = chance.oneOf(['+', '-', '*', '/', '%'])
    return this.sides(operator, matching, size, operator === '*' || operator === '/' ? precision : 'exact')
  }

  private sides(operator: string, matching: string, size: number, precision: Precision): string {
    const left = this.vector(size, precision)
    // The same expression on both sides finds its partners, more often than two others would.
    const right = this.chance.happens(0.6) ? left : this.vector(size, precision)
    // Without parentheses, an operator inside might get hold of what is rounded outside.
    const isApart = precision === 'rounded' || operator === '^' || operator === 'atan2'
    return isApart ? `(${left}) ${operator}${matching} (${right})` : `${left} ${operator}${matching} ${right}`
  }

  private matching(mayGroup: boolean): string {
    const { chance } = this
    if (chance.happens(0.45)) return ''
    const clause = ` ${this.keyword(chance.oneOf(['on', 'ignoring', 'on']))} ${this.labels()}`
    if (!mayGroup || chance.happens(0.5)) return clause
    return `${clause} ${this.keyword(chance.oneOf(['group_left', 'group_right']))}${chance.oneOf(['', ' ()', ` ${this.labels()}`])}`
  }

  private withScalar(size: number, precision: Precision): string {
    const { chance } = this
    const comparison = chance.happens(0.4)
    const rounded = !comparison && precision === 'rounded' && chance.happens(0.2)
    const operator = comparison
      ? `${chance.oneOf(COMPARISONS)}${chance.happens(0.4) ? ' bool' : ''}`
      : chance.oneOf(rounded ? ['^', 'atan2'] : ['+', '-', '*', '/', '%'])
    const sides = [this.vector(size), this.scalar(size)]
    if (chance.happens(0.5)) sides.reverse()
    return rounded ? `((${sides.join(`) ${operator} (`)}))` : sides.join(` ${operator} `)
  }

  private relabelling(size: number, precision: Precision): string {
    const { chance } = this
    const inner = this.vector(size, precision)
    const target = chance.oneOf(['job', 'instance', 'new', 'le', '__name__', 'code', 'a.b', 'on'])
    if (chance.happens(0.4)) {
      const sources = Array.from({ length: chance.below(4) }, () => `, "${this.label()}"`)
      return `label_join(${inner}, "${target}", "${chance.oneOf(['', '-', '|'])}"${sources.join('')})`
    }
    const template = chance.oneOf([
      '$1',
      'x',
      '',
      '1e1',
      '0x10',
      'NaN',
      '-1',
      `\${1}-y`,
      '$name',
      '$0',
      '$1$2',
      '$$1',
      'job',
    ])
    const regex = chance.oneOf([
      '(.*)',
      '(.+)',
      '.*',
      'api.*',
      '(?P<name>[^-]*)(-.*)?',
      '1',
      '',
      '(a)(p)(i)',
      '([0-9])',
    ])
    return `label_replace(${inner}, "${target}", "${template}", "${this.label()}", "${regex}")`
  }

  private ofHistogram(size: number): string {
    const { chance } = this
    const buckets = () => `latency_bucket${chance.happens(0.3) ? `{${this.matcher()}}` : ''}`
    const inner = chance.oneOf([
      buckets,
      () => `rate(${buckets()}[${this.duration()}])`,
      () => `sum by (le${chance.oneOf(['', ', job'])}) (rate(${buckets()}[${this.duration()}]))`,
      () => this.vector(size),
    ])()
    if (chance.happens(0.25)) return `histogram_fraction(${this.scalar(size)}, ${this.scalar(size)}, ${inner})`
    if (chance.happens(0.05)) return `${chance.oneOf(['histogram_count', 'histogram_sum', 'histogram_avg'])}(${inner})`
    return `histogram_quantile(${this.quantile(size)}, ${inner})`
  }

  private calendar(size: number): string {
    const { chance } = this
    const name = chance.oneOf(CALENDAR)
    if (chance.happens(0.2)) return `${name}()`
    const scale = chance.oneOf(['', '', ' * 1e4', ' * 86400', ' * 1e7', ' - 1e9'])
    return `${name}(${chance.happens(0.3) ? `vector(${this.scalar(size)}${scale})` : `${this.subject(size + 1)}${scale}`})`
  }

  private string(): string {
    return this.chance.oneOf([
      '"text"',
      "'it\\'s'",
      '`raw\\n`',
      '"\\u00e9\\x41\\101"',
      '("in parens")',
      '""',
      '"a" + "b"',
    ])
  }
}

function escaped(value: string): string {
  return value.replace(/[.+]/g, '\\\\$&')
}

// Random questions about conditions and sizes: conditions as people write them, and any others; sizes within and
// beyond what they should be. A question depends on the generator alone.
import type { Chance } from './chance.js'

/** As one line of JSON. */
export function randomQuestion(chance: Chance): string {
  return JSON.stringify(chance.happens(0.5) ? conditionQuestion(chance) : sizeQuestion(chance))
}

type Question = Readonly<Record<string, unknown>>

function sizeQuestion(chance: Chance): Question {
  const replicas = chance.happens(0.02) ? chance.below(100_000) : chance.below(chance.oneOf([4, 12, 40, 250]))
  const set = () => (chance.happens(0.03) ? null : randomSet(chance, replicas))
  const question = {
    replicas,
    weight: chance.happens(0.3) ? chance.oneOf([0, 5, 10, 20, 25, 50, 75, 100]) : chance.below(101),
    ...(chance.happens(0.7) && { maxSurge: randomBound(chance) }),
    ...(chance.happens(0.7) && { maxUnavailable: randomBound(chance) }),
    stable: set(),
    canary: set(),
    ...(chance.happens(0.3) && { others: many(chance, 3, () => randomSet(chance, replicas)) }),
    ...(chance.happens(0.3) && { abort: true }),
    ...(chance.happens(0.5) && { dynamicStableScale: true }),
  }
  if (chance.happens(0.5)) return { ask: 'replicas', ...question }
  const canary = chance.below(101)
  return {
    ask: 'routed',
    ...question,
    ...(chance.happens(0.4) && { minPods: chance.below(6) }),
    ...(chance.happens(0.6) && { weights: { canary, stable: chance.happens(0.9) ? 100 - canary : chance.below(101) } }),
  }
}

function randomSet(chance: Chance, replicas: number): Question {
  const most = Math.ceil(replicas * 1.3) + 1
  const spec = chance.happens(0.2) ? chance.oneOf([0, replicas]) : chance.below(most + 1)
  return {
    ...(!chance.happens(0.01) && { spec }),
    available: chance.happens(0.5) ? spec : chance.below(most + 1),
    ...(chance.happens(0.2) && { actual: chance.below(most + 1) }),
  }
}

function randomBound(chance: Chance): number | string {
  if (chance.happens(0.45)) return chance.below(6)
  if (chance.happens(0.9)) return `${chance.below(121)}${chance.happens(0.9) ? '%' : ''}`
  return chance.oneOf(['abc', '', '%', '5%%', '1%0', '+20%', '-5%', '2.5%', ' 5%', '1e1%', -1, 1000])
}

function conditionQuestion(chance: Chance): Question {
  const result = randomResult(chance)
  const condition = () => {
    const written = randomCondition(chance)
    return chance.happens(0.7) ? fitted(written, result) : written
  }
  const text = () => (chance.happens(0.15) ? broken(chance, condition()) : condition())
  return {
    ask: 'condition',
    ...result,
    ...(chance.happens(0.85) && { success: text() }),
    ...(chance.happens(0.45) && { failure: text() }),
  }
}

const samples = ['0', '1', '0.5', '0.95', '0.1', '-1', '2', '100', '1e3', '1e-9', '1e21', '0.30000000000000004']
const oddSamples = ['NaN', '+Inf', '-Inf', '-0', '5e-324', '9007199254740993', '1.7976931348623157e308']

function randomResult(chance: Chance): Question {
  const sample = () => (chance.happens(0.2) ? chance.oneOf(oddSamples) : chance.oneOf(samples))
  const kind = chance.below(10)
  if (kind < 5) return { vector: many(chance, 4, sample) }
  if (kind < 7) return { scalar: sample() }
  return { json: chance.happens(0.6) ? document(chance) : randomJson(chance, 3) }
}

/** What the conditions below know names of. */
function document(chance: Chance): unknown {
  return {
    a: { v: chance.oneOf([0.5, 1, null, 'x', [1, 2]]) },
    s: chance.oneOf(['abc', '', '1.5', '7', 'é<&>', null]),
    n: chance.oneOf([5, 0, -1.5, 1e21, null]),
    l: randomJson(chance, 2, 'list'),
    m: { a: 1, b: chance.oneOf([2, 'two']) },
    t: chance.oneOf([true, false, null]),
    items: many(chance, 3, () => ({ name: chance.oneOf(['x', 'y', 'z']), v: chance.oneOf([1, 2, 0.5]) })),
    z: null,
  }
}

function randomJson(chance: Chance, depth: number, kind?: 'list'): unknown {
  const plain = () => chance.oneOf<unknown>([0, 1, -1, 0.5, 1e3, 'a', 'abc', '', '12', true, false, null])
  if (depth === 0) return plain()
  const which = kind === 'list' ? 0 : chance.below(3)
  if (which === 0) return many(chance, 4, () => randomJson(chance, depth - 1))
  if (which === 1) return plain()
  return Object.fromEntries(
    many(chance, 3, () => [chance.oneOf(['a', 'b', 'v', 's', 'n']), randomJson(chance, depth - 1)]),
  )
}

function randomCondition(chance: Chance): string {
  if (chance.happens(0.25)) return usual(chance)
  return expression(chance, 1 + chance.below(4), chance.happens(0.85) ? 'bool' : 'any')
}

/** The text, with the paths into a result that this one may have. */
function fitted(written: string, result: Question): string {
  if ('scalar' in result) return written.replace(/\bresult(\??\.\w+|\[[^\]]*\])*/g, 'result')
  if ('json' in result) return written.replace(/\bresult\[[01]\]/g, 'result.l[0]')
  return written.replace(/\bresult\.(l|items)\b/g, 'result').replace(/\bresult(\??\.\w+)+/g, 'result[0]')
}

/** What people write. */
function usual(chance: Chance): string {
  const bound = chance.oneOf(['0.95', '0.05', '1', '100', '0', '5'])
  const comparison = () => `${chance.oneOf(comparisons)} ${bound}`
  return chance.oneOf([
    () => `result[0] ${comparison()}`,
    () => `result ${comparison()}`,
    () => `len(result) == 0 || result[0] ${comparison()}`,
    () => `len(result) > 0 && result[0] ${comparison()}`,
    () => `isNaN(result[0]) || result[0] ${comparison()}`,
    () => `len(result) == 0 || isNaN(result[0]) || result[0] ${comparison()}`,
    () => `default(result, 0) ${comparison()}`,
    () => `default(result[0], 0) ${comparison()}`,
    () => `isNil(result) || all(result, # ${comparison()})`,
    () => `any(result, {# ${comparison()}})`,
    () => `asFloat(result.n) ${comparison()}`,
    () => `asInt(result.s) ${comparison()}`,
    () => `result.a.v ${comparison()} && result.t`,
    () => `result.s == "abc" or result.n ${comparison()}`,
    () => `result[0] ${comparison()} ? true : false`,
    () => `not (result[0] ${comparison()})`,
    () => `count(result.items, .v ${comparison()}) > 1`,
    () => `result.l[0] in [1, 2, "a"]`,
    () => `result.s matches "^a.c$"`,
  ])()
}

const comparisons = ['<', '<=', '>', '>=', '==', '!='] as const
type Kind = 'bool' | 'number' | 'text' | 'list' | 'any'

function expression(chance: Chance, depth: number, kind: Kind): string {
  // A wrong type now and then shows what is told of it.
  const wanted = chance.happens(0.06) ? 'any' : kind
  const inner = (of: Kind) => expression(chance, depth - 1, of)
  switch (wanted) {
    case 'bool':
      return depth <= 0 ? chance.oneOf(['true', 'false', 'result.t', 'result != nil']) : boolean(chance, inner)
    case 'number':
      return depth <= 0 ? numberLeaf(chance) : number(chance, inner)
    case 'text':
      return depth <= 0 ? textLeaf(chance) : text(chance, inner)
    case 'list':
      return depth <= 0
        ? chance.oneOf(['result', 'result.l', '[1, 2]', '[]', 'result.items', '1..3'])
        : list(chance, inner)
    case 'any':
      return expression(chance, depth, chance.oneOf(['bool', 'number', 'text', 'list']))
  }
}

type Inner = (kind: Kind) => string

function boolean(chance: Chance, inner: Inner): string {
  return chance.oneOf([
    () => `${inner('number')} ${chance.oneOf(comparisons)} ${inner('number')}`,
    () => `${inner('number')} ${chance.oneOf(comparisons)} ${inner('number')}`,
    () =>
      `${inner('text')} ${chance.oneOf([...comparisons, 'contains', 'startsWith', 'endsWith', 'matches'])} ${inner('text')}`,
    () => `${inner('bool')} ${chance.oneOf(['&&', '||', 'and', 'or', '==', '!='])} ${inner('bool')}`,
    () => `(${inner('bool')}) ${chance.oneOf(['&&', '||'])} (${inner('bool')})`,
    () => `${chance.oneOf(['!', 'not '])}(${inner('bool')})`,
    () => `${inner('any')} ${chance.oneOf(['in', 'not in'])} ${inner('list')}`,
    () => `${inner('any')} ${chance.oneOf(['==', '!='])} ${inner('any')}`,
    () => `${chance.oneOf(['all', 'any', 'one', 'none'])}(${inner('list')}, ${predicate(chance, inner)})`,
    () => `${chance.oneOf(['isNaN', 'isInf'])}(${inner('number')})`,
    () => `isNil(${inner('any')})`,
    () => `${inner('bool')} ? ${inner('bool')} : ${inner('bool')}`,
    () => `let x = ${inner('number')}; x ${chance.oneOf(comparisons)} ${inner('number')}`,
    () => `${chance.oneOf(['hasPrefix', 'hasSuffix'])}(${inner('text')}, ${inner('text')})`,
    () => `${inner('bool')} ?? ${inner('bool')}`,
  ])()
}

function predicate(chance: Chance, inner: Inner): string {
  return chance.oneOf([
    () => `# ${chance.oneOf(comparisons)} ${inner('number')}`,
    () => `.v ${chance.oneOf(comparisons)} ${inner('number')}`,
    () => `.name == ${inner('text')}`,
    () => `{# != nil}`,
    () => inner('bool'),
  ])()
}

function number(chance: Chance, inner: Inner): string {
  return chance.oneOf([
    () => `${inner('number')} ${chance.oneOf(['+', '-', '*', '/', '%', '**', '^'])} ${inner('number')}`,
    () => `(${inner('number')} ${chance.oneOf(['+', '-', '*', '/'])} ${inner('number')})`,
    () => `-${inner('number')}`,
    () => `${chance.oneOf(['len', 'first', 'last', 'sum', 'mean', 'median', 'min', 'max'])}(${inner('list')})`,
    () => `${chance.oneOf(['min', 'max'])}(${inner('number')}, ${inner('number')})`,
    () => `${chance.oneOf(['abs', 'ceil', 'floor', 'round', 'int', 'float'])}(${inner('number')})`,
    () => `${chance.oneOf(['asInt', 'asFloat', 'int', 'float'])}(${inner('any')})`,
    () => `default(${inner('any')}, ${inner('number')})`,
    () => `${inner('list')}[${chance.oneOf(['0', '1', '-1', '9', '-9'])}]`,
    () => `count(${inner('list')}, ${predicate(chance, inner)})`,
    () => `findIndex(${inner('list')}, ${predicate(chance, inner)})`,
    () => `reduce(${inner('list')}, # + #acc, ${inner('number')})`,
    () => `${inner('number')} ?? ${inner('number')}`,
    () => `${chance.oneOf(['bitand', 'bitor', 'bitxor', 'bitshl'])}(${inner('number')}, ${chance.below(70)})`,
    () => `get(${inner('list')}, ${chance.below(5)})`,
    () => `indexOf(${inner('text')}, ${inner('text')})`,
  ])()
}

function text(chance: Chance, inner: Inner): string {
  return chance.oneOf([
    () => `${inner('text')} + ${inner('text')}`,
    () => `${chance.oneOf(['upper', 'lower', 'trim'])}(${inner('text')})`,
    () => `string(${inner('any')})`,
    () => `toJSON(${inner('any')})`,
    () => `type(${inner('any')})`,
    () => `join(${inner('list')}, ",")`,
    () => `replace(${inner('text')}, "a", ${inner('text')})`,
    () => `${inner('text')}[${chance.below(4)}:]`,
    () => `repeat(${inner('text')}, ${chance.below(4)})`,
  ])()
}

function list(chance: Chance, inner: Inner): string {
  return chance.oneOf([
    () => `[${inner('any')}, ${inner('number')}]`,
    () => `map(${inner('list')}, ${chance.oneOf(['# * 2', '#', '.v', '[#]'])})`,
    () => `filter(${inner('list')}, ${predicate(chance, inner)})`,
    () => `${chance.oneOf(['sort', 'uniq', 'reverse', 'flatten'])}(${inner('list')})`,
    () => `concat(${inner('list')}, ${inner('list')})`,
    () => `take(${inner('list')}, ${chance.below(4)})`,
    () => `${inner('list')}[${chance.oneOf(['1:', ':1', '0:2', '-1:', ':'])}]`,
    () => `split(${inner('text')}, ${inner('text')})`,
    () => `sortBy(${inner('list')}, ${chance.oneOf(['#', '.v', '-#'])})`,
  ])()
}

function numberLeaf(chance: Chance): string {
  const literals = ['0', '1', '0.5', '2', '100', '-1', '1e3', '.5', '0x10', '1_000', '017', '9223372036854775807']
  const paths = [
    'result',
    'result[0]',
    'result[1]',
    'result.n',
    'result.a.v',
    'result?.a?.v',
    'result.m.a',
    'result["n"]',
  ]
  return chance.oneOf(chance.happens(0.5) ? literals : paths)
}

function textLeaf(chance: Chance): string {
  return chance.oneOf(['"abc"', "'a'", '""', '"1.5"', '"é"', '`raw\\n`', '"\\n"', 'result.s', 'result.m.b', '"12"'])
}

const fragments = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '&&',
  '=',
  '..',
  '?.',
  '#',
  '"',
  ' 1 ',
  'x',
  '|',
  '??',
  '@',
  '1a',
  '$env',
]

/** The text with a piece taken out, put in or doubled. */
function broken(chance: Chance, written: string): string {
  const from = chance.below(written.length + 1)
  const to = Math.min(written.length, from + chance.below(4))
  const piece = chance.happens(0.5) ? chance.oneOf(fragments) : chance.oneOf(['', written.slice(from, to).repeat(2)])
  return written.slice(0, from) + piece + written.slice(to)
}

function many<T>(chance: Chance, most: number, one: () => T): T[] {
  return Array.from({ length: chance.below(most + 1) }, one)
}

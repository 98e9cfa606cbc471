// The form in which the fields of the API's types are written down: names, and what the API server refuses to find there.
//
//   Probe
//     int32 periodSeconds timeoutSeconds
//     HTTPGetAction httpGet
//     [name]EnvVar env
//
// A type, and below it its fields, those of one shape in a line: a word (see `words`), another type, `[]` a list of,
// `[name]` a list whose items differ in their names, `[port+protocol=TCP]` in one of these two, the second of which is TCP
// where it isn't written, `[itself]` one whose items differ, `{}` a mapping to, `a|b` one of these texts. What has a `*`
// must be there.

/** What stands for itself. `any` may be anything, `empty` is a mapping without fields. */
const words = [
  'text',
  'int32',
  'int64',
  'integer',
  'number',
  'flag',
  'intOrText',
  'time',
  'quantity',
  'any',
  'empty',
] as const

export type Word = (typeof words)[number]

export type Shape =
  | { readonly is: Word }
  | { readonly is: 'choice'; readonly texts: readonly string[] }
  /** By `keys` its items are told apart; without any they may be alike. */
  | { readonly is: 'list'; readonly of: Shape; readonly keys: readonly Key[] }
  | { readonly is: 'map'; readonly of: Shape }
  | { readonly is: 'type'; readonly name: string }

export interface Key {
  readonly name: string
  /** Of an item that doesn't have it. */
  readonly otherwise: string | null
}

export interface Field {
  readonly shape: Shape
  readonly isRequired: boolean
}

export type Type = ReadonlyMap<string, Field>

export function readOutline(text: string): ReadonlyMap<string, Type> {
  const types = new Map<string, Map<string, Field>>()
  let fields = new Map<string, Field>()
  for (const line of text.split('\n')) {
    const [first = '', ...names] = line.trim().split(' ')
    if (first === '') continue
    if (line.startsWith(' ')) {
      const shape = shapeOf(first)
      for (const name of names) fields.set(name.replace('*', ''), { shape, isRequired: name.endsWith('*') })
    } else {
      fields = new Map()
      types.set(first, fields)
    }
  }
  return types
}

function shapeOf(written: string): Shape {
  if (written.startsWith('{}')) return { is: 'map', of: shapeOf(written.slice(2)) }
  const [, keys, item] = /^\[(.*?)\](.*)$/.exec(written) ?? []
  if (keys !== undefined) return { is: 'list', of: shapeOf(item!), keys: keys === '' ? [] : keys.split('+').map(keyOf) }
  if (written.includes('|')) return { is: 'choice', texts: written.split('|') }
  const word = words.find((candidate) => candidate === written)
  return word === undefined ? { is: 'type', name: written } : { is: word }
}

function keyOf(written: string): Key {
  const [name = '', otherwise = null] = written.split('=')
  return { name, otherwise }
}

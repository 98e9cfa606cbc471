// What an unquoted word in a manifest means to the API server: YAML 1.1 as go.yaml.in/yaml v2.4.3 resolves it, which
// is neither the YAML 1.1 nor the YAML 1.2 of the specifications.
import { Scalar, type ScalarTag } from 'yaml'

export interface Resolved {
  readonly kind: 'null' | 'bool' | 'int' | 'float' | 'string'
  readonly value: null | boolean | number | string
}

function resolvePlain(text: string): Resolved {
  if (WORDS.has(text)) return WORDS.get(text)!
  const first = text.charAt(0)
  if (first === '.') return resolveFraction(text)
  if (/[-+0-9]/.test(first)) return resolveNumber(text)
  return { kind: 'string', value: text }
}

/** The format by which a scalar read as a float is told from one read as an integer of the same value. */
export const FLOAT_FORMAT = 'FLOAT'

/** For `customTags`: the meaning of plain scalars, then that of explicit tags. */
export const kubernetesTags: ScalarTag[] = [
  { tag: '!plain', default: true, test: /^/, resolve: (text) => scalarOf(resolvePlain(text)) },
  ...(['null', 'bool', 'int', 'float'] as const).map(explicitTag),
  { tag: 'tag:yaml.org,2002:str', default: false, resolve: (text) => text },
  { tag: 'tag:yaml.org,2002:timestamp', default: false, resolve: checkTimestamp },
  { tag: 'tag:yaml.org,2002:binary', default: false, resolve: decodeBinary },
]

const WORDS: ReadonlyMap<string, Resolved> = new Map([
  ...words('null', null, ['', '~', 'null', 'Null', 'NULL']),
  ...words('bool', true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...words('bool', false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...words('float', Number.NaN, ['.nan', '.NaN', '.NAN']),
  ...words('float', Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...words('float', Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']),
])

function words(kind: Resolved['kind'], value: Resolved['value'], texts: string[]): [string, Resolved][] {
  return texts.map((text) => [text, { kind, value }])
}

/** Go reads `.5` with its own float syntax, where `_` may only stand between digits. */
function resolveFraction(text: string): Resolved {
  if (!/^\.\d+(_\d+)*([eE][-+]?\d+(_\d+)*)?$/.test(text)) return { kind: 'string', value: text }
  return floatOr(text, text.replaceAll('_', ''))
}

/** Anything else with a digit or a sign in front, where `_` is ignored wherever it stands. */
function resolveNumber(text: string): Resolved {
  const plain = text.replaceAll('_', '')
  const integer = integerOf(plain)
  if (integer !== undefined) return { kind: 'int', value: integer }
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain)) return floatOr(text, plain)
  // The digits after `0b` are parsed once more on their own, with a sign of their own.
  const binary = /^0b([-+][01]{1,63})$/.exec(plain)?.[1]
  return binary === undefined ? { kind: 'string', value: text } : { kind: 'int', value: Number.parseInt(binary, 2) }
}

/** A number too large for 64 bits stays a string. */
function floatOr(text: string, plain: string): Resolved {
  const value = Number(plain)
  return Number.isFinite(value) ? { kind: 'float', value } : { kind: 'string', value: text }
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/

/** Signed 64-bit integers, and unsigned ones where no sign is written. */
function integerOf(plain: string): number | undefined {
  const match = INTEGER.exec(plain)
  if (match === null) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  if (decimal !== undefined && decimal.length < 16) return sign === '-' ? -Number(decimal) || 0 : Number(decimal)
  const digits = hex ?? binary ?? octal ?? decimal ?? ''
  const prefix = hex !== undefined ? '0x' : binary !== undefined ? '0b' : octal !== undefined ? '0o' : ''
  if (digits.replace(/^0+/, '').length > 64) return undefined
  const size = BigInt(prefix + digits)
  const largest = sign === '-' ? 2n ** 63n : sign === '+' ? 2n ** 63n - 1n : 2n ** 64n - 1n
  if (size > largest) return undefined
  return sign === '-' ? -Number(size) || 0 : Number(size)
}

function scalarOf({ kind, value }: Resolved): Scalar {
  const scalar = new Scalar(value)
  if (kind === 'float') scalar.format = FLOAT_FORMAT
  return scalar
}

/** `!!int "0x10"`: the text must mean what the tag says; an integer may stand for a float. */
function explicitTag(kind: Resolved['kind']): ScalarTag {
  return {
    tag: `tag:yaml.org,2002:${kind}`,
    default: false,
    resolve(text, onError) {
      const resolved = resolvePlain(text)
      const fits = resolved.kind === kind || (kind === 'float' && resolved.kind === 'int')
      if (!fits) onError(`cannot read \`${text}\` as !!${kind}`)
      return scalarOf({ kind, value: resolved.value })
    },
  }
}

function checkTimestamp(text: string, onError: (message: string) => void): string {
  if (!/^\d{4}-\d{1,2}-\d{1,2}([Tt ]|$)/.test(text)) onError(`cannot read \`${text}\` as a !!timestamp`)
  return text
}

function decodeBinary(text: string, onError: (message: string) => void): string {
  const encoded = text.replaceAll('\n', '')
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) {
    onError('the text after !!binary is no base64')
    return text
  }
  return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
}

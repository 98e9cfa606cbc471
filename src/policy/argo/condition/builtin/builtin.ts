// expr's builtin functions by name, as far as they take plain values.

import type { Frame } from '../program/frame.js'
import type { FunctionName } from '../syntax/builtin-name.js'
import { loadZone } from '../time/zone.js'
import { formatAny } from '../value/format.js'
import { decodeJson } from '../value/json-decode.js'
import { encodeJson } from '../value/json-encode.js'
import { endsWith, startsWith } from '../value/text.js'
import { asString, type GoValue, typeName, typeOf } from '../value/value.js'
import { decodeBase64, encodeBase64 } from './base64.js'
import * as collection from './collection.js'
import * as number from './number.js'
import * as text from './text.js'
import * as time from './time.js'

type Builtin = (args: readonly GoValue[], frame: Frame) => GoValue

export const BUILTINS: Readonly<Record<FunctionName, Builtin>> = {
  len: ([value]) => collection.length(value!),
  type: ([value]) => kindOf(value!),
  abs: ([value]) => number.absolute(value!),
  ceil: ([value]) => number.rounded('ceil', Math.ceil, value!),
  floor: ([value]) => number.rounded('floor', Math.floor, value!),
  round: ([value]) => number.rounded('round', number.roundHalfAway, value!),
  int: ([value]) => number.toInt(value!),
  float: ([value]) => number.toFloat(value!),
  string: ([value]) => formatAny(value!),
  trim: (args) => text.trim(args),
  trimPrefix: (args) => text.trimPrefix(args),
  trimSuffix: (args) => text.trimSuffix(args),
  upper: ([value]) => text.upper(value!),
  lower: ([value]) => text.lower(value!),
  split: (args) => text.split(args, false),
  splitAfter: (args) => text.split(args, true),
  replace: (args) => text.replace(args),
  repeat: (args, frame) => text.repeat(args, frame),
  join: (args) => text.join(args),
  indexOf: (args) => text.indexOf(args),
  lastIndexOf: (args) => text.lastIndexOf(args),
  hasPrefix: ([value, part]) => startsWith(asString(value!), asString(part!)),
  hasSuffix: ([value, part]) => endsWith(asString(value!), asString(part!)),
  max: (args) => number.extreme('max', '<', args),
  min: (args) => number.extreme('min', '>', args),
  mean: (args) => number.mean(args),
  median: (args) => number.median(args),
  toJSON: ([value]) => encodeJson(value!, '  '),
  fromJSON: ([value]) => decodeJson(asString(value!)),
  toBase64: ([value]) => encodeBase64(asString(value!)),
  fromBase64: ([value]) => decodeBase64(asString(value!)),
  now: (args, frame) => time.now(args, frame),
  duration: ([value]) => time.duration(value!),
  date: (args) => time.date(args),
  timezone: ([value]) => loadZone(asString(value!)),
  first: ([value]) => collection.end(value!, 0),
  last: ([value]) => collection.end(value!, -1),
  get: ([from, key]) => collection.getFrom(from!, key!),
  take: ([from, count]) => collection.take(from!, count!),
  keys: ([map]) => collection.keys(map!),
  values: ([map]) => collection.values(map!),
  toPairs: ([map]) => collection.toPairs(map!),
  fromPairs: ([pairs]) => collection.fromPairs(pairs!),
  reverse: ([items], frame) => collection.reverse(items!, frame),
  uniq: ([items]) => collection.unique(items!),
  concat: (args, frame) => collection.concat(args, frame),
  flatten: ([items], frame) => collection.flatten(items!, frame),
  sort: (args, frame) => collection.sort(args, frame),
  bitand: (args) => number.bits('bitand', args, (x, y) => x & y),
  bitor: (args) => number.bits('bitor', args, (x, y) => x | y),
  bitxor: (args) => number.bits('bitxor', args, (x, y) => x ^ y),
  bitnand: (args) => number.bits('bitnand', args, (x, y) => x & ~y),
  bitshl: (args) => number.shift('bitshl', args, (x, y) => x << y),
  bitshr: (args) => number.shift('bitshr', args, (x, y) => x >> y),
  bitushr: (args) => number.shift('bitushr', args, (x, y) => BigInt.asUintN(64, x) >> y),
  bitnot: ([value]) => number.complement(value!),
}

/** type(): Go's kinds under plainer names, and the full name of what a package declares. */
function kindOf(value: GoValue): string {
  const type = typeOf(value)
  if (type === undefined) return 'nil'
  if (type.declared) return typeName(value)
  const plain: Readonly<Record<string, string>> = {
    int64: 'int',
    uint8: 'uint',
    float64: 'float',
    slice: 'array',
    ptr: 'unknown',
    interface: 'unknown',
  }
  return plain[type.kind] ?? type.kind
}

// The regular expressions of `matches`; what Go refuses panics with Go's words.

import { RegexpError } from '../../../metrics/regexp/error.js'
import { Regexp } from '../../../metrics/regexp/regexp.js'
import { Panic } from './value/panic.js'
import { isWellFormed } from './value/text.js'

const cache = new Map<string, Regexp | RegexpError>()
const CACHED = 256

export function compileRegexp(pattern: string): Regexp {
  let compiled = cache.get(pattern)
  if (compiled === undefined) {
    if (cache.size >= CACHED) cache.clear()
    compiled = tryCompile(pattern)
    cache.set(pattern, compiled)
  }
  if (compiled instanceof RegexpError) throw new Panic(compiled.message)
  return compiled
}

function tryCompile(pattern: string): Regexp | RegexpError {
  try {
    if (isWellFormed(pattern)) return new Regexp(pattern)
    throw new RegexpError('invalid UTF-8', pattern.slice(pattern.search(/\p{Surrogate}/u)))
  } catch (error) {
    if (error instanceof RegexpError) return error
    throw error
  }
}

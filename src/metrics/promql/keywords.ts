// The words with a meaning in PromQL's grammar; messages print them in angle brackets.

import { AGGREGATE_OPERATORS } from './ast.js'

export const KEYWORDS: ReadonlySet<string> = new Set([
  ...AGGREGATE_OPERATORS,
  ...['and', 'or', 'unless', 'atan2', 'bool', 'on', 'ignoring', 'group_left', 'group_right', 'by', 'without'],
  ...['offset', 'start', 'end', 'fill', 'fill_left', 'fill_right', 'anchored', 'smoothed'],
])

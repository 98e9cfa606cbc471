// The queries that templates of an alert ask: what they read has to be there, as what the rule itself reads.
import { PromqlError } from '../promql/error.js'
import { readString } from '../promql/literals.js'
import { compile, type Query } from '../promql/query.js'

export interface TemplateQueries {
  readonly queries: readonly Query[]
  /** Whether there are others, that are put together only when the template is expanded. */
  readonly isMore: boolean
}

export function templateQueries(text: string): TemplateQueries {
  const queries: Query[] = []
  let isMore = false
  for (const [action] of text.matchAll(/\{\{[\s\S]*?\}\}/g)) {
    const literals: string[] = []
    const bare = action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, (literal) => `§${literals.push(literal) - 1}§`)
    const asked = [...bare.matchAll(/\bquery\s*\(?\s*§(\d+)§|§(\d+)§\s*\)?\s*\|\s*query\b/g)]
    isMore ||= asked.length < [...bare.matchAll(/(?<![.$\w])query\b/g)].length
    for (const [, after, before] of asked) queries.push(...compiled(literals[Number(after ?? before)]!))
  }
  return { queries, isMore }
}

/** One that can't be read reads nothing: where it is asked, the template fails. */
function compiled(literal: string): readonly Query[] {
  try {
    return [compile(readString(literal, { from: 0, to: literal.length }))]
  } catch (error) {
    if (error instanceof PromqlError) return []
    throw error
  }
}

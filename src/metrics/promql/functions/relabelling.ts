// New labels for the same values: label_replace, label_join.

import type { Labels, LabelTable } from '../../labels.js'
import { RegexpError } from '../../regexp/error.js'
import { Regexp } from '../../regexp/regexp.js'
import { PromqlError } from '../error.js'
import { isLabelName } from '../literals.js'
import type { Moment, VectorNode } from '../plan.js'
import { SeriesMemo, Vector } from '../vector.js'
import type { CallSite, Family } from './implementation.js'

export const RELABELLING: Family = {
  label_replace: (site) => {
    const [target, template, source, pattern] = [1, 2, 3, 4].map((index) => site.string(index)) as Texts
    const regex = compileRegex(site, pattern)
    checkLabelName(site, target, 'destination')
    return new Relabelling(site, (labels, table) => {
      const match = regex.exec(labels.get(source))
      return match === undefined ? labels : table.with(labels, target, expand(template, match, regex.groups))
    })
  },
  label_join: (site) => {
    const [target, separator, ...sources] = site.call.args.slice(1).map((_, index) => site.string(index + 1))
    for (const source of sources) checkLabelName(site, source, 'source')
    checkLabelName(site, target!, 'destination')
    return new Relabelling(site, (labels, table) => {
      const joined = sources.map((source) => labels.get(source)).join(separator)
      return table.with(labels, target!, joined)
    })
  },
}

type Texts = [target: string, template: string, source: string, pattern: string]

class Relabelling implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #memo = new SeriesMemo()
  readonly #inner: VectorNode
  #labels: Labels[] = []

  constructor(
    readonly site: CallSite,
    readonly relabel: (labels: Labels, table: LabelTable) => Labels,
  ) {
    this.#inner = site.vector(0)
  }

  vector(moment: Moment): Vector {
    const input = this.#inner.vector(moment)
    if (!this.#memo.unchanged(input)) {
      this.#labels = input.labels.slice(0, input.size).map((labels) => this.relabel(labels, this.site.store.labels))
    }
    const out = this.#out
    out.size = 0
    for (let i = 0; i < input.size; i++) out.push(this.#labels[i]!, input.values[i]!)
    out.refuseDuplicates(this.site.call)
    return out
  }
}

type Match = readonly (string | undefined)[]

/** Go's Regexp.Expand: $1, $name and ${name}; a name runs as far as it can, and what did not match is empty. */
function expand(template: string, match: Match, groups: readonly string[]): string {
  const reference = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu
  return template.replace(reference, (_, dollar?: string, bare?: string, braced?: string) => {
    if (dollar !== undefined) return '$'
    const name = (bare ?? braced)!
    if (/^(0|[1-9]\d{0,8})$/.test(name)) return match[Number(name)] ?? ''
    // Several groups may share a name; the first that took part counts.
    return match.find((part, index) => part !== undefined && groups[index] === name) ?? ''
  })
}

/** Puts the pattern between parentheses unread, as Prometheus does: `a)(b` is two groups. */
function compileRegex(site: CallSite, pattern: string): Regexp {
  try {
    return new Regexp(`^(?s:${pattern})$`)
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error
    throw executionError(site, `invalid regular expression in label_replace(): ${pattern}`)
  }
}

function checkLabelName(site: CallSite, name: string, role: string): void {
  if (!isLabelName(name)) throw executionError(site, `invalid ${role} label name in ${site.call.name}(): ${name}`)
}

function executionError(site: CallSite, message: string): PromqlError {
  return new PromqlError('execution', message, site.call)
}

// What is wrong just now on the way from exporters to those who ask for metrics: targets that are not there, lie, stand
// still or are heard late, and Prometheus itself.
import type { Observed } from '../metrics/dialects/dialect.js'
import type { TargetKind } from '../scenario/scrape.js'
import { Tally } from './tally.js'
import type { Workload } from './workload.js'

export type PipelineTrouble =
  /** It scrapes nothing, evaluates no rules and answers nobody. */
  | { readonly what: 'prometheus-down' }
  | { readonly what: TargetTrouble; readonly of: TargetKind }
  /** What is scraped is known so much later. */
  | { readonly what: 'delayed'; readonly of: TargetKind; readonly delayMs: number }

export type TargetTrouble =
  /** Its targets don't answer. */
  | 'down'
  /** Nothing is told of it: its targets don't answer, and whoever tells of many leaves it out. */
  | 'lost'
  /** Exporters tell what they told last, again and again. */
  | 'stuck'
  /** What is told of a version has the labels of the other one. */
  | 'mislabelled'

/** A trouble that comes and goes. */
export interface Spell {
  readonly trouble: PipelineTrouble
  /** Infinity as long as what it waits for hasn't come. */
  readonly fromMs: number
  /** Infinity if it lasts until the end. */
  readonly untilMs: number
}

export class Pipeline {
  /** One that has begun twice is there until it has ended twice. */
  private readonly active: PipelineTrouble[] = []
  private readonly held = new Map<unknown, Observed>()

  /** What was told last has to be kept only where something may repeat it. */
  constructor(private readonly mayStick: boolean) {}

  reset(): void {
    this.active.length = 0
    this.held.clear()
  }

  begin(trouble: PipelineTrouble): void {
    this.active.push(trouble)
  }

  end(trouble: PipelineTrouble): void {
    const index = this.active.indexOf(trouble)
    if (index >= 0) this.active.splice(index, 1)
  }

  /** Nothing is wrong, and nothing has to be kept for when something is. */
  get isClean(): boolean {
    return this.active.length === 0 && !this.mayStick
  }

  get isUp(): boolean {
    return !this.active.some(({ what }) => what === 'prometheus-down')
  }

  /** Whether targets of their own answer. */
  answers(of: TargetKind): boolean {
    return !this.has('down', of) && !this.has('lost', of)
  }

  isMislabelled(of: TargetKind): boolean {
    return this.has('mislabelled', of)
  }

  delayMs(of: TargetKind): number {
    let delayMs = 0
    for (const trouble of this.active) {
      if (trouble.what === 'delayed' && trouble.of === of) delayMs += trouble.delayMs
    }
    return delayMs
  }

  /** What an exporter tells of something: nothing where that is lost, and the same as before while it is stuck. */
  told(of: readonly TargetKind[], key: unknown, observed: Observed): Observed | undefined {
    const { held, mayStick } = this
    if (this.isClean) return observed
    if (of.some((kind) => this.has('lost', kind))) return undefined
    if (!mayStick) return observed
    const last = of.some((kind) => this.has('stuck', kind)) ? held.get(key) : undefined
    if (last !== undefined) return last
    const copy = asItIs(observed)
    held.set(key, copy)
    return copy
  }

  private has(what: TargetTrouble, of: TargetKind): boolean {
    const { active } = this
    // Asked several times a scrape, mostly of none: an iterator would cost more than the answer.
    for (let index = 0; index < active.length; index++) {
      const trouble = active[index]!
      if (trouble.what === what && trouble.of === of) return true
    }
    return false
  }
}

/** As which version, by its place in the plan, what is counted of one shows. */
export function shownAs({ pods }: Workload, version: number, pipeline: Pipeline): number {
  if (pipeline.isClean) return version
  const { kind } = pods[version]!
  if (!pipeline.isMislabelled(kind)) return version
  return pods.findIndex((other) => other.kind !== kind)
}

/** For whoever reads it later. */
export function asItIs(observed: Observed): Observed {
  return observed instanceof Tally ? observed.copy() : observed
}

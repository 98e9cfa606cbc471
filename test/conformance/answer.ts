// One question about a condition or about sizes, answered as the controller's own functions answer it.

import { parseFloatText } from '../../src/metrics/float-literal.js'
import { assess } from '../../src/policy/argo/condition/assess.js'
import { compile } from '../../src/policy/argo/condition/condition.js'
import { decodeJson } from '../../src/policy/argo/condition/value/json-decode.js'
import { encodeJson } from '../../src/policy/argo/condition/value/json-encode.js'
import { Panic } from '../../src/policy/argo/condition/value/panic.js'
import { floats, type GoValue, Slice, StringMap } from '../../src/policy/argo/condition/value/value.js'
import {
  basicCanaryCounts,
  type Counts,
  isAsAskedFor,
  type Made,
  resolveBounds,
  routedCanaryCounts,
  weightOfWayBack,
} from '../../src/policy/argo/replica-counts.js'

/** The oracle asks of Rollouts that say no other. */
const maxWeight = 100

/** A line of JSON for a line of JSON, with its keys in order; or why the line is no question. */
export function answer(line: string): string | { readonly error: string } {
  const question = parse(line)
  if (!(question instanceof StringMap)) return { error: question.error }
  return encodeJson(new StringMap(new Map(Object.entries(answerOrPanic(new Question(question.entries))))))
}

function parse(line: string): StringMap | { readonly error: string } {
  try {
    const question = decodeJson(line)
    return question instanceof StringMap ? question : { error: 'not a JSON object' }
  } catch (error) {
    if (error instanceof Panic) return { error: error.message }
    throw error
  }
}

function answerOrPanic(question: Question): Answer {
  try {
    return answerTo(question)
  } catch (error) {
    if (error instanceof NoSize) return { panic: error.message }
    throw error
  }
}

type Answer = Readonly<Record<string, GoValue>>

function answerTo(question: Question): Answer {
  switch (question.get('ask')) {
    case 'condition':
      return answerOnCondition(question)
    case 'replicas':
      return answerOnBasicCanary(question)
    case 'routed':
      return answerOnRoutedCanary(question)
    default:
      return { error: 'ask condition, replicas or routed' }
  }
}

function answerOnCondition(question: Question): Answer {
  const [success, failure] = ['success', 'failure'].map((key) => {
    const text = question.get(key)
    return typeof text === 'string' && text !== '' ? compile(text) : undefined
  })
  const { phase, message } = assess(resultOf(question), success, failure, Date.now())
  return message === undefined ? { phase } : { phase, message }
}

/** JSON has neither NaN nor infinities, and so samples are texts. */
function resultOf(question: Question): GoValue {
  const scalar = question.get('scalar')
  if (scalar !== null) return sample(scalar)
  if (question.has('json')) return question.get('json')
  return floats(question.list('vector').map(sample))
}

function sample(text: GoValue): number {
  const value = parseFloatText(String(text))
  return typeof value === 'number' ? value : 0
}

function answerOnBasicCanary(question: Question): Answer {
  const { replicas, canary, stable, others } = question.sizes()
  for (const set of [canary, stable, ...others]) if (set && set.spec === undefined) throw new NoSize()
  const wanted = basicCanaryCounts({
    replicas,
    ...resolveBounds(replicas, question.bound('maxSurge'), question.bound('maxUnavailable')),
    weight: question.weight(),
    maxWeight,
    canary: canary && made(canary),
    stable: stable && made(stable),
    othersSpec: sum(others.map(({ spec = 0 }) => spec)),
  })
  return tell(question, wanted, false)
}

function answerOnRoutedCanary(question: Question): Answer {
  const wanted = routedCanaryCounts({
    replicas: question.int('replicas'),
    weight: question.weight(),
    maxWeight,
    minPods: question.int('minPods'),
    isDynamic: question.flag('dynamicStableScale'),
    actual: question.weights(),
    isAborted: question.flag('abort'),
  })
  return tell(question, wanted, true)
}

function tell(question: Question, wanted: Counts, isRouted: boolean): Answer {
  const { canary, stable, others } = question.sizes()
  const isDynamic = question.flag('dynamicStableScale')
  const fitting = { spec: wanted.stable, replicas: wanted.stable, available: wanted.stable }
  const atDesired = isAsAskedFor({
    wanted,
    isRouted,
    isDynamic,
    canary: canary && { ...canary, spec: canary.spec ?? 1 },
    stable: stable && (stable.spec === undefined ? fitting : made(stable)),
    othersAvailable: sum(others.map(({ available }) => available)),
  })
  // The controller looks at the size of stable last, and only where stable doesn't follow the traffic.
  if (atDesired && stable && stable.spec === undefined && !(isRouted && isDynamic)) throw new NoSize()
  return { ...wanted, atDesired }
}

/** A ReplicaSet as a question has it: one without a size is what the controller can't take. */
interface Asked {
  readonly spec: number | undefined
  readonly available: number
  readonly replicas: number
}

function made({ spec, ...rest }: Asked): Made {
  if (spec === undefined) throw new NoSize()
  return { spec, ...rest }
}

class NoSize extends Error {
  constructor() {
    super('runtime error: invalid memory address or nil pointer dereference')
  }
}

/** The fields of a question; what is absent is null, and null is absent but for a JSON value. */
class Question {
  constructor(private readonly entries: ReadonlyMap<string, GoValue>) {}

  has(key: string): boolean {
    return this.entries.has(key)
  }

  get(key: string): GoValue {
    return this.entries.get(key) ?? null
  }

  list(key: string): readonly GoValue[] {
    const value = this.get(key)
    return value instanceof Slice ? value.items : []
  }

  int(key: string): number {
    const value = this.get(key)
    return typeof value === 'number' ? value : 0
  }

  flag(key: string): boolean {
    return this.get(key) === true
  }

  bound(key: string): number | string | undefined {
    const value = this.get(key)
    return typeof value === 'number' || typeof value === 'string' ? value : undefined
  }

  sizes(): {
    readonly replicas: number
    readonly canary: Asked | undefined
    readonly stable: Asked | undefined
    readonly others: readonly Asked[]
  } {
    return {
      replicas: this.int('replicas'),
      canary: sizeOf(this.get('canary')),
      stable: sizeOf(this.get('stable')),
      others: this.list('others').map((other) => sizeOf(other) ?? { spec: undefined, available: 0, replicas: 0 }),
    }
  }

  weights(): Counts | undefined {
    const value = this.get('weights')
    if (!(value instanceof StringMap)) return undefined
    const weights = new Question(value.entries)
    return { canary: weights.int('canary'), stable: weights.int('stable') }
  }

  /** The weight that the canary should get: an abort takes it to 0, or back step by step. */
  weight(): number {
    if (!this.flag('abort')) return this.int('weight')
    const { replicas, canary, stable } = this.sizes()
    if (!this.flag('dynamicStableScale') || !canary || !stable) return 0
    const available = { canary: canary.available, stable: stable.available }
    return weightOfWayBack([this.int('weight')], replicas, maxWeight, available)
  }
}

function sizeOf(value: GoValue): Asked | undefined {
  if (!(value instanceof StringMap)) return undefined
  const set = new Question(value.entries)
  const spec = set.get('spec') === null ? undefined : set.int('spec')
  const replicas = set.get('actual') === null ? (spec ?? 0) : set.int('actual')
  return { spec, available: set.int('available'), replicas }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

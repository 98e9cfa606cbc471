// The phase of one measurement, from its value and the metric's two conditions.

import type { Condition } from './condition.js'
import { type GoValue, isNil, Slice } from './value/value.js'

export type MeasurementPhase = 'Successful' | 'Failed' | 'Inconclusive' | 'Error'

export interface Assessment {
  readonly phase: MeasurementPhase
  readonly message?: string
}

const SUCCESSFUL: Assessment = Object.freeze({ phase: 'Successful' })
const FAILED: Assessment = Object.freeze({ phase: 'Failed' })
const INCONCLUSIVE: Assessment = Object.freeze({ phase: 'Inconclusive' })

/**
 * Without conditions every answer is a success (Argo's documentation says Inconclusive). The success condition comes
 * first, and its error hides the failure condition; else both are evaluated, and a failure wins.
 */
export function assess(result: GoValue, success?: Condition, failure?: Condition, nowUnixMs = 0): Assessment {
  const asked = given(success)
  const feared = given(failure)
  if (asked === undefined && feared === undefined) return SUCCESSFUL
  const succeeded = asked?.evaluate(result, nowUnixMs)
  if (succeeded !== undefined && 'error' in succeeded) {
    return failed(result, 'successCondition', asked!, succeeded.error)
  }
  const hasFailed = feared?.evaluate(result, nowUnixMs)
  if (hasFailed !== undefined && 'error' in hasFailed) {
    return failed(result, 'failureCondition', feared!, hasFailed.error)
  }
  if (hasFailed === undefined) return succeeded?.value === true ? SUCCESSFUL : FAILED
  if (hasFailed.value) return FAILED
  return succeeded === undefined || succeeded.value ? SUCCESSFUL : INCONCLUSIVE
}

/** An empty text is no condition. */
function given(condition: Condition | undefined): Condition | undefined {
  return condition?.text === '' ? undefined : condition
}

/** Whatever goes wrong on no data is blamed on there being none, a syntax error too. */
function failed(result: GoValue, which: string, { text, isFormer }: Condition, error: string): Assessment {
  if (isFormer) return { phase: 'Error', message: error }
  const isEmpty = isNil(result) || (result instanceof Slice && result.items.length === 0)
  const reason = isEmpty ? 'metric result is nil or empty: no data returned from the metric provider' : error
  return { phase: 'Error', message: `could not evaluate ${which} "${text}": ${reason}` }
}

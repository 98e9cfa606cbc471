// The conditions of a Rollout or a Deployment: which there are, and the rules by which they are written.

export type ConditionType = 'Available' | 'Progressing' | 'Paused' | 'Completed' | 'Healthy' | 'InvalidSpec'

export interface Condition {
  readonly type: ConditionType
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
  /** In whole seconds; the progress deadline counts from it. */
  readonly lastUpdateMs: number
}

/** In the order of writing: a changed condition moves to the end, which the phase depends on. */
export type Conditions = readonly Condition[]

export function findCondition(conditions: Conditions, type: ConditionType): Condition | undefined {
  for (const condition of conditions) if (condition.type === type) return condition
  return undefined
}

/** A condition with the same status and reason isn't written again, so its message can be stale. */
export function withCondition(conditions: Conditions, condition: Condition): Conditions {
  return says(conditions, condition.type, condition.status, condition.reason)
    ? conditions
    : replaceCondition(conditions, condition)
}

export function says(
  conditions: Conditions,
  type: ConditionType,
  status: Condition['status'],
  reason: string,
): boolean {
  const present = findCondition(conditions, type)
  return present !== undefined && present.status === status && present.reason === reason
}

export function withoutCondition(conditions: Conditions, type: ConditionType): Conditions {
  return findCondition(conditions, type) ? conditions.filter((condition) => condition.type !== type) : conditions
}

/** Writes a condition even when only its time or message changed. */
export function replaceCondition(conditions: Conditions, condition: Condition): Conditions {
  const others = conditions.filter(({ type }) => type !== condition.type)
  others.push(condition)
  return others
}

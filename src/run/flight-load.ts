// How many requests each pod of a flight has answered, for whoever acts on it.
import type { Answers } from '../world/answers.js'
import type { ReplicaSet } from '../world/cluster/objects.js'
import { PodLoad } from '../world/pod-load.js'
import type { Plan } from './plan.js'

export function loadOf({ service, stacks }: Plan, answers: Answers, stackOf: (set: ReplicaSet) => number): PodLoad {
  const capacities = stacks.map((_, stack) => {
    const { capacityPerPod, places } = service.bases[stack]![0]!
    return places === undefined ? capacityPerPod : undefined
  })
  const servedBy = (stack: number, untilMs: number) => answers.served(untilMs, (each) => (each === stack ? 1 : 0))
  return new PodLoad(answers.traffic, capacities, ({ replicaSet }) => stackOf(replicaSet), servedBy)
}

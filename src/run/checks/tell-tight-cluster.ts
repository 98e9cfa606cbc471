// A cluster that hasn't room for what runs there before anything is released.
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'

export function tellTightCluster(
  file: ScenarioFile,
  { cluster }: Scenario,
  replicas: number,
  problems: Problems,
): void {
  if (cluster === undefined) return
  const rooms = [
    { path: ['quota', 'pods'], what: 'the quota has', pods: cluster.mostPods },
    ...(cluster.nodes.length === 0
      ? []
      : [
          {
            path: ['nodes'],
            what: 'all nodes together have',
            pods: cluster.nodes.reduce((sum, { pods }) => sum + pods, 0),
          },
        ]),
  ]
  for (const { path, what, pods } of rooms) {
    if (pods >= replicas) continue
    const message = `${what} room for ${pods} of the ${replicas} pods of stable: the rest of them never runs`
    const hint = `Give room to ${replicas} and those of the canary, or let the policy have fewer replicas.`
    problems.warning('cluster-too-small', file.placeOf(['cluster', ...path]), message, { hint })
  }
}

// Which Services select the pods of a set now: Prometheus finds the applications in them through these.
import type { Cluster } from '../world/cluster/cluster.js'
import type { ReplicaSet } from '../world/cluster/objects.js'

export class Discovery {
  private readonly known = new Map<ReplicaSet, readonly string[]>()

  /** `entryService` is the Service that people call, whether or not a manifest shows it. */
  constructor(private readonly entryService: string) {}

  /** Some Service came, went, or selects other pods; or there is another cluster. */
  changed(): void {
    this.known.clear()
  }

  /** The same list as before, as long as nothing has changed. */
  servicesOf(replicaSet: ReplicaSet, cluster: Cluster): readonly string[] {
    let services = this.known.get(replicaSet)
    if (services === undefined) {
      services = this.find(replicaSet, cluster)
      this.known.set(replicaSet, services)
    }
    return services
  }

  /** One that no manifest shows selects whatever has the labels of the workload. */
  private find(replicaSet: ReplicaSet, cluster: Cluster): readonly string[] {
    const { entryService } = this
    const services = cluster.services.filter((service) => service.selects(replicaSet)).map(({ name }) => name)
    const isMadeUp = cluster.service(entryService) === undefined
    return isMadeUp && !replicaSet.template.otherLabels ? [...services, entryService] : services
  }
}

// Which pod a request is sent to: the split gives each version its share of a strand, and the pods of a version get equal
// parts by chance, as kube-proxy and Envoy's RANDOM do it. Held connections pin requests to the pods they were opened to.
import { Alias } from '../../../kernel/alias.js'
import { below } from '../../../kernel/below.js'
import type { Stream } from '../../../kernel/random.js'
import type { ConnectionPlan } from '../../coupling.js'
import { Connections } from './connections.js'

const NOWHERE = -1

export class Routing {
  /** Of what was sent NOWHERE last, the version it was meant for. */
  version = 0
  /** Of a strand over the versions. */
  private readonly shares: readonly Alias[]
  private readonly isReached: Uint8Array
  /** Places of the pods in rotation, by version. */
  private readonly serving: Int32Array[]
  /** Undefined where every request chooses a pod anew. */
  readonly connections: Connections | undefined

  constructor(
    private readonly stream: Stream,
    private readonly versions: number,
    strands: number,
    plan: ConnectionPlan | undefined,
  ) {
    const allToTheFirst = Array.from({ length: versions }, (_, version) => (version === 0 ? 1 : 0))
    this.shares = Array.from({ length: strands }, () => new Alias(allToTheFirst))
    this.isReached = Uint8Array.from({ length: strands * versions }, (_, at) => allToTheFirst[at % versions]!)
    this.serving = Array.from({ length: versions }, () => new Int32Array(0))
    this.connections = plan && new Connections(plan, strands)
  }

  /** From now on each version gets this share of a strand. */
  share(strand: number, shares: ArrayLike<number>): void {
    let sum = 0
    for (let version = 0; version < this.versions; version++) sum += shares[version]!
    if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`shares of strand ${strand} that add up to ${sum}`)
    this.shares[strand]!.set(shares, this.versions)
    for (let version = 0; version < this.versions; version++) {
      this.isReached[strand * this.versions + version] = shares[version]! > 0 ? 1 : 0
    }
  }

  /** Whether a strand sends a version anything. */
  reaches(version: number, strand: number): boolean {
    return this.isReached[strand * this.versions + version] === 1
  }

  /** From now on these pods of a version are in rotation. */
  serve(version: number, places: ArrayLike<number>): void {
    this.serving[version] = Int32Array.from(places)
  }

  placesOf(version: number): Int32Array {
    return this.serving[version]!
  }

  /** The connections to a pod are closed: whoever uses them next opens them anew. */
  hangUp(place: number): void {
    this.connections?.hangUp(place)
  }

  /** The place of the pod that a request is sent to, or NOWHERE. */
  route(strand: number, nowMs: number): number {
    return this.connections === undefined ? this.pick(strand) : this.reuse(this.connections, strand, nowMs)
  }

  /** The same where the version is decided already. */
  placeOf(version: number): number {
    const places = this.serving[version]!
    const count = places.length
    if (count === 1) return places[0]!
    if (count > 1) return places[below(this.stream, count)]!
    this.version = version
    return NOWHERE
  }

  private pick(strand: number): number {
    return this.placeOf(this.versions === 1 ? 0 : this.shares[strand]!.draw(this.stream))
  }

  private reuse(connections: Connections, strand: number, nowMs: number): number {
    const connection = connections.choose(strand, this.stream)
    if (connections.isOpen(connection, nowMs)) return connections.placeOf(connection)
    const place = this.pick(strand)
    connections.open(connection, place, nowMs, this.stream)
    return place
  }
}

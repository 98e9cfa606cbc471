// The way of a pod from its creation to the start of its container: scheduled to a node, and its image pulled there.
import type { Loop } from '../../kernel/loop.js'
import type { Tape } from '../../kernel/random.js'
import { BackOff } from './back-off.js'
import type { Cluster } from './cluster.js'
import { type Delay, Delays } from './delay.js'
import type { Life } from './life.js'
import type { Nodes } from './nodes.js'
import type { Pod } from './objects.js'

const podPriority = 0

/** The scheduler's back-off for a pod that found no room (1.36, podInitialBackoffDuration and podMaxBackoffDuration). */
const firstTryMs = 1_000
const lastTryMs = 10_000

/** The kubelet looks after its containers once a second (genericPlegRelistPeriod): then it says that it holds back. */
const relistMs = 1_000

interface Waiting {
  readonly life: Life
  tries: number
  triedAtMs: number
  isDue: boolean
}

export interface ArrivalListener {
  /** It is known where it will run. */
  joined(life: Life): void
  /** Its container can be started. */
  arrived(life: Life): void
  /** Whether nobody can pull its image now. */
  isUnpullable(life: Life): boolean
}

export class Arrival {
  private readonly schedules: Delays
  private readonly pulls: Delays
  private readonly bindHandler: number
  private readonly pulledHandler: number
  private readonly heldHandler: number
  private readonly retryHandler: number
  private readonly waiting = new Map<number, Waiting>()

  constructor(
    private readonly loop: Loop,
    private readonly nodes: Nodes,
    private readonly cluster: Cluster,
    private readonly lifeOf: (id: number) => Life,
    private readonly listener: ArrivalListener,
    { schedule, pull }: { readonly schedule: Delay; readonly pull: Delay },
    versions: number,
    tape: Tape,
  ) {
    const each = (delay: Delay) => Array<Delay>(versions).fill(delay)
    this.schedules = new Delays(each(schedule), tape, 'pod-schedule')
    this.pulls = new Delays(each(pull), tape, 'image-pull')
    this.bindHandler = loop.handler((id, attempt) => this.ifStill(id, attempt, (life) => this.bind(life)))
    const pulled = (life: Life) => {
      this.pulled(life)
      const { pod } = life
      if (pod.pullTrouble === '') cluster.tell(pod.name, 'Pulled', `Successfully pulled image "${imageOf(life)}"`)
    }
    this.pulledHandler = loop.handler((id, attempt) => this.ifStill(id, attempt, pulled))
    this.heldHandler = loop.handler((id, attempt) => this.ifStill(id, attempt, (life) => this.holdBack(life)))
    this.retryHandler = loop.handler((id, attempt) => this.ifStill(id, attempt, (life) => this.pull(life)))
  }

  begin(life: Life): void {
    if (this.nodes.all.length === 0) {
      this.listener.joined(life)
      return this.pull(life)
    }
    const { version, pod } = life
    this.later(this.schedules.draw(version, pod.ordinal, 0), this.bindHandler, life)
  }

  /** It was there before anything was watched. */
  adopt(life: Life): void {
    const { pod } = life
    const node = this.nodes.all.length === 0 ? undefined : this.nodes.bind(pod)
    node?.images.add(pod.replicaSet.template.image)
  }

  /** The image is looked for at each start of the container. */
  pull(life: Life): void {
    const { pod, spec } = life
    const { image } = pod.replicaSet.template
    const node = this.nodes.of(pod)
    if (node?.isUp === false) {
      pod.isLost = true
      return
    }
    const isThere = spec.pullPolicy === 'Never' || node?.images.has(image) === true || hasPulled(pod)
    const isUnpullable = this.listener.isUnpullable(life)
    if (isThere && (spec.pullPolicy !== 'Always' || !isUnpullable)) return this.arrive(life)
    if (isUnpullable) return this.fail(life, image)
    const pullMs = this.pulls.draw(life.version, pod.ordinal, life.attempt)
    if (pullMs === 0) return this.pulled(life)
    this.cluster.tell(pod.name, 'Pulling', `Pulling image "${image}"`)
    this.later(node === undefined ? pullMs : node.pull(image, this.loop.now, pullMs), this.pulledHandler, life)
  }

  /** Some node may have room now. */
  roomMade(): void {
    for (const waiting of this.waiting.values()) {
      if (waiting.life.pod.deleted || waiting.isDue) continue
      waiting.isDue = true
      const heldMs = Math.min(lastTryMs, firstTryMs * 2 ** (waiting.tries - 1))
      const waitMs = Math.max(0, waiting.triedAtMs + heldMs - this.loop.now)
      this.later(waitMs, this.bindHandler, waiting.life)
    }
  }

  forget({ pod }: Life): void {
    this.waiting.delete(pod.id)
  }

  private bind(life: Life): void {
    const { pod } = life
    const node = this.nodes.bind(pod)
    if (node === undefined) return this.keepWaiting(life)
    this.waiting.delete(pod.id)
    pod.isUnschedulable = false
    this.listener.joined(life)
    this.cluster.tell(pod.name, 'Scheduled', `Successfully assigned ${pod.name} to ${node.name}`)
    this.pull(life)
  }

  private keepWaiting(life: Life): void {
    const { pod } = life
    const { tries = 0 } = this.waiting.get(pod.id) ?? {}
    this.waiting.set(pod.id, { life, tries: tries + 1, triedAtMs: this.loop.now, isDue: false })
    pod.isUnschedulable = true
    this.cluster.tell(pod.name, 'FailedScheduling', this.nodes.whyNot())
  }

  private pulled(life: Life): void {
    const image = imageOf(life)
    if (this.listener.isUnpullable(life)) return this.fail(life, image)
    this.nodes.of(life.pod)?.images.add(image)
    this.arrive(life)
  }

  private arrive(life: Life): void {
    life.pod.pullTrouble = ''
    this.listener.arrived(life)
  }

  private fail(life: Life, image: string): void {
    const { pod } = life
    life.pulls ??= new BackOff()
    const { pulls } = life
    pod.pullTrouble = 'ErrImagePull'
    this.cluster.tell(pod.name, 'Failed', `Failed to pull image "${image}"`)
    pulls.next(this.loop.now)
    this.later(relistMs, this.heldHandler, life)
    this.later(pulls.heldFor(this.loop.now), this.retryHandler, life)
  }

  private holdBack({ pod }: Life): void {
    if (pod.pullTrouble === '') return
    pod.pullTrouble = 'ImagePullBackOff'
    this.cluster.tell(pod.name, 'BackOff', `Back-off pulling image "${pod.replicaSet.template.image}"`)
  }

  private later(delayMs: number, handler: number, { pod, attempt }: Life): void {
    this.loop.at(this.loop.now + delayMs, podPriority, handler, pod.id, attempt)
  }

  private ifStill(id: number, attempt: number, act: (life: Life) => void): void {
    const life = this.lifeOf(id)
    if (!life.pod.deleted && life.attempt === attempt) act(life)
  }
}

/** Without nodes a pod pulls for itself. */
function hasPulled({ node, hasAddress }: Pod): boolean {
  return node === '' && hasAddress
}

function imageOf({ pod }: Life): string {
  return pod.replicaSet.template.image
}

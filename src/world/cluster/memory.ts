// The memory of a container over time: what it takes when it starts, and what grows from there.

export interface MemoryPlan {
  readonly baseBytes: number
  readonly growthBytesPerMs: number
  /** What each request that it serves leaves behind; nothing if left out. */
  readonly perRequestBytes?: number
  /** Beyond this the kernel kills it; infinity if nothing does. */
  readonly limitBytes: number
}

/** What is lost beside that. */
export interface Leak {
  readonly bytesPerMs: number
  /** No more than this is lost; without one, anything. */
  readonly mostBytes?: number
  /** Where the kernel kills it, if that is sooner than otherwise. */
  readonly limitBytes?: number
  /** It is over when the container ends; another one has none of it. */
  readonly endsWithContainer?: true
}

export class Memory {
  private leaked = 0
  /** What requests have left behind. */
  private filled = 0
  private leakingSinceMs: number

  constructor(
    private readonly plan: MemoryPlan,
    private readonly startedAtMs: number,
    private leaking: Leak | undefined,
  ) {
    this.leakingSinceMs = startedAtMs
  }

  at(nowMs: number): number {
    const { plan, startedAtMs } = this
    const own = plan.baseBytes + plan.growthBytesPerMs * (nowMs - startedAtMs)
    return Math.min(this.limitBytes, own + this.filled + this.leakedAt(nowMs))
  }

  /** Requests have left so much behind. */
  fill(bytes: number): void {
    this.filled += bytes
  }

  /** It begins to leak, in another way than before, or stops; what is lost stays so. */
  leak(nowMs: number, leaking: Leak | undefined): void {
    this.leaked = this.leakedAt(nowMs)
    this.leakingSinceMs = nowMs
    this.leaking = leaking
  }

  /** When it reaches its limit, in whole milliseconds; infinity if it never does. */
  get fullAtMs(): number {
    const { plan, leaking, leaked, leakingSinceMs: sinceMs, startedAtMs, limitBytes } = this
    const now = plan.baseBytes + plan.growthBytesPerMs * (sinceMs - startedAtMs) + this.filled + leaked
    if (now >= limitBytes) return sinceMs
    const leakingMs = leaking ? (this.mostLeaked - leaked) / leaking.bytesPerMs : 0
    const together = plan.growthBytesPerMs + (leaking?.bytesPerMs ?? 0)
    const soonMs = (limitBytes - now) / together
    if (soonMs <= leakingMs) return Math.ceil(sinceMs + soonMs)
    const lateMs = (limitBytes - now - (leaking ? this.mostLeaked - leaked : 0)) / plan.growthBytesPerMs
    return Math.ceil(sinceMs + lateMs)
  }

  private get limitBytes(): number {
    return Math.min(this.plan.limitBytes, this.leaking?.limitBytes ?? this.plan.limitBytes)
  }

  private get mostLeaked(): number {
    return Math.max(this.leaked, this.leaking?.mostBytes ?? Number.POSITIVE_INFINITY)
  }

  private leakedAt(nowMs: number): number {
    const lost = (this.leaking?.bytesPerMs ?? 0) * (nowMs - this.leakingSinceMs)
    return lost === 0 ? this.leaked : Math.min(this.mostLeaked, this.leaked + lost)
  }
}

// The share of the requests that really reaches the canary while clients keep connections, for whoever wants to be told.
import type { Loop } from '../kernel/loop.js'
import type { CoupledRequests } from '../world/requests/coupled-requests.js'

/** It may change with every connection: nobody wants to hear of each, nor of less than a percentage point. */
const LOOK_EVERY_MS = 10_000
const LEAST_CHANGE = 0.01

/** After whatever else happens at an instant. */
const lookPriority = 30

export class KeptWeight {
  private toldShare = 0
  private readonly lookHandler: number

  constructor(
    private readonly flow: CoupledRequests,
    private readonly loop: Loop,
    private readonly tell: (share: number) => void,
  ) {
    this.lookHandler = loop.handler(() => this.look())
    this.lookLater()
  }

  /** The split has changed: tells whatever that has made of the share. */
  resplit(): void {
    // Shares are sums of fractions: what differs in the last digit is the same.
    this.update(1e-9)
  }

  private look(): void {
    this.update(LEAST_CHANGE)
    this.lookLater()
  }

  private lookLater(): void {
    const { loop } = this
    loop.at((Math.floor(loop.now / LOOK_EVERY_MS) + 1) * LOOK_EVERY_MS, lookPriority, this.lookHandler)
  }

  private update(leastChange: number): void {
    const share = this.flow.releasedShareAt(this.loop.now)
    if (Math.abs(share - this.toldShare) < leastChange) return
    this.toldShare = share
    this.tell(share)
  }
}

// Keeps each user on the version whose cookie they carry, as routers do that set one with their first answer.

/**
 * Traefik sets a cookie once, and one for a service that has weight 0 or is down leads nowhere
 * (pkg/server/service/loadbalancer/wrr/wrr.go: AddService, ServeHTTP). With ingress-nginx affinity comes before weight
 * for as long as the version has endpoints (rootfs/etc/nginx/lua/balancer.lua: route_to_alternative_balancer). What AWS
 * load balancers do with the cookies of a target group whose weight becomes 0 they don't say.
 */
export interface CookiePlan {
  /** Since it was set; infinity where it ends with the session. */
  readonly lifetimeMs: number
  /** Whether every answer sets it anew, so that only those lose it who stay away so long. */
  readonly isRenewed: boolean
  /** Whether a version with weight 0 keeps those who have its cookie while it has pods. */
  readonly outlastsWeight: boolean
}

/** What a router sees when a request comes. */
export interface Choice {
  /** Which version this request would get by weight. */
  readonly byWeight: number
  /** By version. */
  readonly shares: ArrayLike<number>
  readonly pods: ArrayLike<number>
}

export class Cookies {
  /** By user: the version of the cookie, or none. */
  private readonly versions: Int8Array
  private readonly endsMs: Float64Array | undefined

  constructor(
    private readonly plan: CookiePlan,
    users: number,
  ) {
    if (!(Number.isSafeInteger(users) && users > 0 && users <= MOST)) throw new RangeError(`cookies of ${users} users`)
    this.versions = new Int8Array(users).fill(NONE)
    this.endsMs = plan.lifetimeMs < Number.POSITIVE_INFINITY ? new Float64Array(users) : undefined
  }

  reset(): void {
    this.versions.fill(NONE)
  }

  /** The version that a user's request goes to; its answer sets the cookie. Who has none, or one of nobody, is weighed. */
  versionOf(user: number, timeMs: number, { byWeight, shares, pods }: Choice): number {
    const { plan, versions, endsMs } = this
    const kept = versions[user]!
    const isAlive = kept !== NONE && (endsMs === undefined || timeMs < endsMs[user]!)
    const isServed = isAlive && pods[kept]! > 0 && (plan.outlastsWeight || shares[kept]! > 0)
    const version = isServed ? kept : byWeight
    if (isServed && !plan.isRenewed) return version
    versions[user] = version
    if (endsMs !== undefined) endsMs[user] = timeMs + plan.lifetimeMs
    return version
  }
}

const NONE = -1
/** One byte each, nine where cookies end. */
const MOST = 2 ** 28

// How many pods the namespace may have, and how the ReplicaSet controller tries again when it may have no more.

/** The rate limiter of its queue (client-go, DefaultTypedControllerRateLimiter). */
const firstRetryMs = 5
const lastRetryMs = 1_000_000

export class Quota {
  constructor(
    /** Infinity without one. */
    public pods: number,
  ) {}

  /** In the words of the API server. */
  refusal(podName: string, used: number): string {
    const { pods } = this
    const quota = `exceeded quota: pods, requested: pods=1, used: pods=${used}, limited: pods=${pods}`
    return `Error creating: pods "${podName}" is forbidden: ${quota}`
  }
}

/** After so many failures in a row. */
export function retryDelayMs(failures: number): number {
  return Math.min(lastRetryMs, firstRetryMs * 2 ** (failures - 1))
}

// Who of several programs may act: the holder of a lease. Programs of one instance hold one, too, unless told not to, with
// these times of client-go's tools/leaderelection as Argo Rollouts 1.10 and kube-controller-manager 1.36 set them.

const leaseMs = 15_000
const renewDeadlineMs = 10_000
const retryMs = 2_000
/** Tries to get the lease come later than that by up to so much of it. */
const jitter = 1.2

/** A container that ends again and again is started after these times, the last one from there on. */
const restartsAfterMs = [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000]

/**
 * From the start of a program until it leads, where another instance has led before: even if that is gone, and even if it
 * gave notice, its lease counts from when the new one has first read it.
 */
export function waitForLeaseMs(uniform: () => number): number {
  let waitedMs = 0
  while (waitedMs < leaseMs) waitedMs += Math.floor(retryMs * (1 + jitter * uniform()))
  return waitedMs
}

/** When a leader that can't renew its lease from a time on gives up, and ends. */
export function givesUpAtMs(unreachableMs: number, uniform: () => number): number {
  // Its last renewal was up to one retry ago, and the next one begins the deadline.
  return unreachableMs + renewDeadlineMs + Math.floor(retryMs * uniform())
}

/** When a container that ended is started such that it stays: without the API server it ends again at once. */
export function staysUpFromMs(endedMs: number, answersFromMs: number): number {
  let startedMs = endedMs
  for (let count = 0; startedMs < answersFromMs; count++) {
    startedMs += restartsAfterMs[Math.min(count, restartsAfterMs.length - 1)]!
  }
  return startedMs
}

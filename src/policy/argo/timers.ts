// When the controllers' timers really fire.

/** A little after their second, and the comparisons with it are strict. */
export const timerLatenessMs = 5

/** Timers further away than this are left to the controller's periodic resync, which arms them anew. */
export const resyncMs = 15 * 60_000

/** Informers resync since their own start, which is none of the whole seconds that timers are for. */
const resyncPhaseMs = 500

/** When the controller looks again for what is due at an instant: then, or at the next resync. */
export function lookAgainMs(dueMs: number, nowMs: number): number {
  if (dueMs < nowMs + resyncMs) return dueMs + timerLatenessMs
  return (Math.floor((nowMs - resyncPhaseMs) / resyncMs) + 1) * resyncMs + resyncPhaseMs
}

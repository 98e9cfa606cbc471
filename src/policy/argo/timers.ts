// When the controllers' timers really fire.

/** A little after their second, and the comparisons with it are strict. */
export const timerLatenessMs = 5

/** Timers further away than this are left to the controller's periodic resync, which arms them anew. */
export const resyncMs = 15 * 60_000

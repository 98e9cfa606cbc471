// The response codes that answers can have: some always, others where a scenario has them.

/** An index into this list is what `code` means throughout; a world with further codes has them after these. */
export const CODES = [200, 500, 503] as const
export const OK = 0
export const ERROR = 1
/** Shed by a full pod or sent to one that doesn't answer. It is answered at once, so it takes no time. */
export const REFUSED = 2

/** What a client that waits no longer has for an answer. */
export const TIMEOUT = 504

/** All codes of a world, in their order. */
export function codesWith(others: Iterable<number>): readonly number[] {
  return [...new Set([...CODES, ...[...others].sort((one, other) => one - other)])]
}

// Erlang's loss formula (B): how many find all lines taken.

/**
 * Of Poisson arrivals that offer so much work to so many lines without a queue; whatever the law of their duration. By
 * its recursion in the number of lines, which is stable (A. K. Erlang 1917; R. Syski 1960).
 */
export function erlangLoss(lines: number, offered: number): number {
  let loss = 1
  for (let line = 1; line <= lines; line++) loss = (offered * loss) / (line + offered * loss)
  return loss
}

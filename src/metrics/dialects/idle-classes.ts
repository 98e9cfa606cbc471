// Classes of status that nothing in the world answers with: some exporters show all of them from their start, at zero.
import type { RequestFamily, StateFamily } from './dialect.js'

/** The world answers with 2xx and 5xx. */
const IDLE_CLASSES = ['1', '3', '4'] as const

/** The series of a family by class of status that stay at zero. */
export function idle(
  { name, side, type, help, counts, fixed, labels }: RequestFamily,
  others: string[] = [],
): StateFamily {
  return {
    quantity: 'state',
    name,
    side,
    type,
    help,
    counts,
    fixed,
    variants: [...IDLE_CLASSES, ...others],
    labels,
    value: () => 0,
  }
}

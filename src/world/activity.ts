// How differently active users are, as a discrete law: classes of users with so many requests each.
import { gammaCdf, gammaQuantile } from '../kernel/gamma.js'
import { logNormalFrom } from '../kernel/lognormal.js'
import { normalCdf, normalQuantile } from '../kernel/normal.js'
import type { Activity, ActivityClass } from '../scenario/users.js'

/**
 * A continuous law becomes classes, each as active as its users are on average, so that the mean stays. Both fidelities
 * draw from the classes: what discretising changes, it changes for both.
 */
export function activityClasses(activity: Activity): readonly ActivityClass[] {
  switch (activity.kind) {
    case 'classes':
      return activity.classes
    case 'gamma':
      return classesOf(gammaPart(activity.shape))
    case 'log-normal':
      return classesOf(logNormalPart(activity))
  }
}

/** Of a law with mean 1, the requests that come from those users who are less active than this part of the users. */
type PartBelow = (share: number) => number

function classesOf(partBelow: PartBelow): readonly ActivityClass[] {
  return edges.slice(1).map((edge, index) => {
    const share = edge - edges[index]!
    return { share, activity: (partBelow(edge) - partBelow(edges[index]!)) / share }
  })
}

/** Parts of equal share; the most active one is halved again and again, because few users make most requests there. */
const PARTS = 50
const HALVINGS = 6
const edges: readonly number[] = [
  ...Array.from({ length: PARTS }, (_, part) => part / PARTS),
  ...Array.from({ length: HALVINGS }, (_, halving) => 1 - 1 / PARTS / 2 ** (halving + 1)),
  1,
]

/** Weighed by its value, a gamma variable is gamma distributed with one more in shape. */
function gammaPart(shape: number): PartBelow {
  return (share) => (share >= 1 ? 1 : gammaCdf(gammaQuantile(share, shape), shape + 1))
}

/** Weighed by its value, the logarithm of a log-normal variable is normal with a mean of one variance more. */
function logNormalPart(percentiles: { readonly p50: number; readonly p99: number }): PartBelow {
  const { sigma } = logNormalFrom(percentiles)
  return (share) => normalCdf(normalQuantile(share) - sigma)
}

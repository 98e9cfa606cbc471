// Comments of a scenario that was changed: those stay that stand at what is as it was. Others may speak of what is no more.
import { isDocument, isMap, isNode, isSeq, type Node, parseDocument } from 'yaml'

export function withTrueComments(before: string, after: string): string {
  const [was, is] = [parseDocument(before), parseDocument(after)]
  if (saysTheSame(was.contents, is.contents)) return after
  strip(is)
  if (is.contents) heed(was.contents, is.contents)
  return is.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** Of what has changed the comments go, and what is inside it is looked at in turn. */
function heed(was: unknown, is: Node): void {
  if (saysTheSame(was, is)) return
  const before = is.commentBefore ?? ''
  strip(is)
  if (isMap(is)) {
    for (const [index, { key, value }] of is.items.entries()) {
      const counterpart = isMap(was) ? was.items.find((other) => saysTheSame(other.key, key)) : undefined
      if (!saysTheSame(counterpart?.value, value)) strip(key)
      else if (index === 0) is.commentBefore = ownOf(counterpart?.key, before)
      if (isNode(value)) heed(counterpart?.value, value)
    }
  } else if (isSeq(is)) {
    for (const [index, item] of is.items.entries()) {
      const counterpart = isSeq(was) ? was.items.find((other) => saysTheSame(other, item)) : undefined
      if (index === 0) is.commentBefore = ownOf(counterpart, before)
      if (isNode(item)) heed(counterpart, item)
    }
  }
}

/** Where those in front of it have gone, what stands before an item stands before all of them, below what stood there. */
function ownOf(counterpart: unknown, before: string): string | null {
  const own = isNode(counterpart) ? (counterpart.commentBefore ?? '') : ''
  return own !== '' && `\n${before}`.endsWith(`\n${own}`) ? own : null
}

function saysTheSame(one: unknown, other: unknown): boolean {
  return isNode(one) && isNode(other) && JSON.stringify(one) === JSON.stringify(other)
}

function strip(node: unknown): void {
  if (!isNode(node) && !isDocument(node)) return
  node.comment = null
  node.commentBefore = null
}

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
  strip(is)
  if (isMap(is)) {
    for (const { key, value } of is.items) {
      const counterpart = isMap(was) ? was.get(key, true) : undefined
      if (!saysTheSame(counterpart, value)) strip(key)
      if (isNode(value)) heed(counterpart, value)
    }
  } else if (isSeq(is)) {
    const others = isSeq(was) ? was.items : []
    for (const item of is.items) {
      if (isNode(item))
        heed(
          others.find((other) => saysTheSame(other, item)),
          item,
        )
    }
  }
}

function saysTheSame(one: unknown, other: unknown): boolean {
  return isNode(one) && isNode(other) && JSON.stringify(one) === JSON.stringify(other)
}

function strip(node: unknown): void {
  if (!isNode(node) && !isDocument(node)) return
  node.comment = null
  node.commentBefore = null
}

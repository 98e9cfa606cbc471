// Which conditions show that expr 1.17.7 runs on a stack.

import { type CallNode, type Node, replaceChildren } from '../syntax/tree.js'

/** findLast() and findLastIndex() leave values behind, and so does a call that an optional chain gives up. */
export function disturbsStack(node: Node): boolean {
  if (node.kind === 'builtin' && node.name.startsWith('findLast')) return true
  if (node.kind === 'call' && node.args.length > 0 && mayBreak(node)) return true
  let found = node.kind === 'builtin' && node.map !== undefined && disturbsStack(node.map)
  replaceChildren(node, (child) => {
    found ||= disturbsStack(child)
    return child
  })
  return found
}

function mayBreak(call: CallNode): boolean {
  for (let node: Node = call.callee; ; ) {
    if (node.kind === 'member') {
      if (node.optional) return true
      node = node.node
    } else if (node.kind === 'call') node = node.callee
    else return false
  }
}

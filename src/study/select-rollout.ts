// Of the manifests of several Rollouts those that concern one of them.
import { isJsonObject, type Json } from '../scenario/json.js'
import type { Manifest } from '../scenario/manifest.js'

export interface RolloutName {
  readonly namespace: string
  readonly name: string
}

export function rolloutsIn(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(isRollout)
}

export function rolloutName(rollout: Manifest): RolloutName {
  return { namespace: namespaceOf(rollout), name: rollout.name }
}

/**
 * Without the other Rollouts, and what only these have to do with: what they name, what what they name names, and what
 * names them. What concerns none of them may concern any.
 */
export function manifestsOf(wanted: RolloutName, manifests: readonly Manifest[]): readonly Manifest[] {
  const rollouts = rolloutsIn(manifests)
  if (rollouts.length < 2) return manifests
  const others = manifests.filter((manifest) => !isRollout(manifest)).map((manifest) => new Node(manifest))
  const own = new Set<Manifest>()
  const foreign = new Set<Manifest>()
  for (const rollout of rollouts) {
    const concerned = concernedBy(new Node(rollout), others)
    for (const manifest of concerned) (isNamed(rollout, wanted) ? own : foreign).add(manifest)
  }
  return manifests.filter((manifest) =>
    isRollout(manifest) ? isNamed(manifest, wanted) : own.has(manifest) || !foreign.has(manifest),
  )
}

function isRollout({ kind, apiVersion }: Manifest): boolean {
  return kind === 'Rollout' && apiVersion.startsWith('argoproj.io/')
}

function isNamed(rollout: Manifest, { namespace, name }: RolloutName): boolean {
  return rollout.name === name && namespaceOf(rollout) === namespace
}

/** Where objects land that name no namespace. */
export function namespaceOf({ namespace }: Manifest): string {
  return namespace ?? 'default'
}

/** An object, and all texts in it that could be names of others. */
class Node {
  readonly texts: ReadonlySet<string>

  constructor(readonly manifest: Manifest) {
    const texts = new Set<string>()
    const { metadata: _, ...rest } = manifest.value
    collect(rest, texts)
    this.texts = texts
  }

  names(other: Manifest): boolean {
    return this.texts.has(other.name) && canMeet(this.manifest, other)
  }
}

function concernedBy(rollout: Node, others: readonly Node[]): ReadonlySet<Manifest> {
  const found = new Set<Manifest>()
  const waiting = [rollout]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    for (const other of others) {
      if (found.has(other.manifest)) continue
      // Of those that name it only what belongs to it: an Ingress of many Services is not theirs.
      const isBack = node === rollout && other.names(rollout.manifest)
      if (!node.names(other.manifest) && !isBack) continue
      found.add(other.manifest)
      waiting.push(other)
    }
  }
  return found
}

function canMeet(one: Manifest, other: Manifest): boolean {
  return other.kind.startsWith('Cluster') || namespaceOf(one) === namespaceOf(other)
}

function collect(value: Json, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value)
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item, texts)
  else if (isJsonObject(value)) for (const item of Object.values(value)) collect(item, texts)
}

// The objects of a policy as a cluster would hold them: by kind, namespace and name, each once.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import { formatPlace, type Problems } from '../../scenario/problem.js'
import { admit } from '../api/admit.js'
import { kindOf, takesPart } from './kinds.js'
import type { Behaviours } from './version.js'

export class Objects {
  private readonly looked = new Map<Manifest, Manifest>()
  private readonly refused = new Set<Manifest>()

  private constructor(
    private readonly held: readonly Manifest[],
    private readonly problems: Problems,
  ) {}

  /** Of two manifests of one object the last counts, as with kubectl apply. Rollouts are all kept: a policy has one. */
  static of(manifests: readonly Manifest[], problems: Problems, does: Behaviours): Objects {
    const held: Manifest[] = []
    for (const manifest of manifests) {
      if (!takesPart(manifest, problems, does)) continue
      const earlier = manifest.kind === 'Rollout' ? -1 : held.findIndex((other) => isSameObject(other, manifest))
      if (earlier < 0) held.push(manifest)
      else {
        tellTwice(held[earlier]!, manifest, problems)
        held[earlier] = manifest
      }
    }
    return new Objects(held, problems)
  }

  all(kind: string): readonly Manifest[] {
    return this.held.filter((manifest) => kindOf(manifest) === kind)
  }

  /** Those that somebody in the namespace finds. */
  within(namespace: string, kind: string): readonly Manifest[] {
    return this.all(kind).filter((manifest) => isFoundIn(namespace, manifest))
  }

  /** As the API server admits it. */
  find(kind: string, namespace: string, name: string): Manifest | undefined {
    const found = this.within(namespace, kind).find((manifest) => manifest.name === name)
    return found && this.admitted(found)
  }

  /** Only what somebody asks for has to be fit: a folder may hold anything. */
  admitted(manifest: Manifest): Manifest {
    const before = this.looked.get(manifest)
    if (before) return before
    const { errorCount } = this.problems
    // Of two kinds of one name the API server's fields are known of the one that goes by the name alone.
    const admitted = kindOf(manifest) === manifest.kind ? admit(manifest, this.problems) : manifest
    this.looked.set(manifest, admitted)
    if (this.problems.errorCount > errorCount) this.refused.add(admitted)
    return admitted
  }

  /** Whether the API server doesn't take what is admitted here, in order to find more. */
  isRefused(admitted: Manifest): boolean {
    return this.refused.has(admitted)
  }

  /** Why an object isn't found, as far as the others tell. */
  whyMissing(kind: string, namespace: string, name: string): string {
    const elsewhere = this.all(kind).find((manifest) => manifest.name === name)
    if (elsewhere) {
      const written = elsewhere.namespace === undefined ? `without a namespace, and so in ${unnamed},` : ''
      const where = written === '' ? `in namespace ${elsewhere.namespace}` : written
      return `There is one ${where} at ${placeText(elsewhere)}; it is looked for in ${namespace} only.`
    }
    const names = this.within(namespace, kind).map((manifest) => manifest.name)
    const near = nearName(name, names)
    return near === undefined ? `Add the ${kind} to the policy's files.` : `Did you mean ${near}?`
  }
}

/** Where objects land that name no namespace. */
const unnamed = 'default'

function namespaceOf({ namespace }: Manifest): string {
  return namespace ?? unnamed
}

function isFoundIn(namespace: string, manifest: Manifest): boolean {
  return manifest.kind === 'ClusterAnalysisTemplate' || namespaceOf(manifest) === namespace
}

function isSameObject(one: Manifest, other: Manifest): boolean {
  return kindOf(one) === kindOf(other) && one.name === other.name && isFoundIn(namespaceOf(other), one)
}

function tellTwice(earlier: Manifest, later: Manifest, problems: Problems): void {
  const message = `a second ${later.kind} ${later.name}: this one counts, as the last one does with kubectl apply`
  const hint = `The one before is at ${placeText(earlier)}.`
  problems.warning('object-twice', placeOf(later, ['metadata', 'name']), message, { hint })
}

function placeText(manifest: Manifest): string {
  return formatPlace(placeOf(manifest, ['metadata', 'name']))
}

// What `kubectl argo rollouts lint` makes of each problem: it reads one file, looks at Rollouts alone, and at the Services
// and VirtualServices beside them; what it misses a cluster refuses, and what it finds a cluster may take (1.10).
import type { Manifest } from '../../scenario/manifest.js'
import type { Problem } from '../../scenario/problem.js'
import { caseMatters } from '../api/admit.js'
import type { RolloutSpec } from './rollout-spec.js'

/** The problem with what lint would say of it, where that is another thing than what a cluster does. */
export function withLint(problem: Problem, { manifests, rollout, problems }: Known): Problem {
  const rule = rules[problem.code]
  if (!rule) return problem
  const manifest = manifestAt(problem, manifests)
  const isFound = rule({ problem, manifest, kind: manifest?.kind, manifests, rollout, problems })
  if (isFound === (problem.severity === 'error')) return problem
  const said = isFound ? onlyLint : lintMisses
  return Object.freeze({ ...problem, hint: problem.hint === undefined ? said : `${problem.hint} ${said}` })
}

const lintMisses = '`kubectl argo rollouts lint` accepts this.'
const onlyLint = '`kubectl argo rollouts lint` rejects this, the controller does not.'

interface Known {
  readonly manifests: readonly Manifest[]
  readonly rollout: RolloutSpec | undefined
  /** All that have been found. */
  readonly problems: readonly Problem[]
}

interface Case extends Known {
  readonly problem: Problem
  /** The object that the problem is in. */
  readonly manifest: Manifest | undefined
  readonly kind: string | undefined
}

type Rule = (what: Case) => boolean

const never: Rule = () => false

/** By the code of a problem. Others are about a flight, and no matter of lint's. */
const rules: Readonly<Record<string, Rule>> = {
  // Whatever the case of its letters, a name is one.
  'unknown-field': ({ kind, problem }) => isDecoded(kind) && !problem.hint?.includes(caseMatters),
  'wrong-type': ({ kind, problem }) => isDecoded(kind) && !isMendedByQuotes(problem),
  'out-of-range': ({ kind }) => kind === 'Rollout',
  'unreadable-number': ({ kind }) => kind === 'Rollout',
  'missing-field': (what) => what.kind === 'Rollout' && isMissedByController(what),
  'duplicate-value': ({ kind, problem }) => kind === 'Rollout' && mustDiffer.test(problem.message),
  'invalid-quantity': ({ kind }) => kind === 'Rollout',
  // It builds the selector, but doesn't see that the controller's own label would be in it twice.
  'invalid-selector': ({ kind, problem }) => kind === 'Rollout' && !problem.message.includes("the selector can't name"),
  'invalid-spec': (what) => isOfSpec(what) || isOfService(what),
  'routes-unfit': isOfVirtualService,
  'unresolved-workload': ({ problem }) => problem.verbatim?.startsWith('template must be empty') === true,
  // Any version of the group is read as the one that there is, and another group isn't read.
  'unknown-version': never,
  'missing-reference': never,
  'template-cycle': never,
  'missing-router-object': never,
  'unfit-router-object': never,
  'sticky-duration': never,
  'app-mesh-without-nodes': never,
  'apisix-without-route': never,
  'alb-without-annotations': never,
  'managed-route-clash': never,
  'empty-active-service': never,
  'unknown-spec-ref': never,
  'experiment-template-name': never,
  'max-weight-zero': never,
  'negative-number': never,
  'rule-given-twice': never,
  'defaults-disagree': never,
  'analysis-without-end': never,
  'one-of-two-fields': never,
  'ingress-unfit': never,
  'step-without-kind': isOfSpec,
  'pause-duration': isOfSpec,
  'no-metrics': never,
  'no-templates': never,
  'unfit-selector': never,
}

/** The kinds that lint decodes strictly. */
function isDecoded(kind: string | undefined): boolean {
  return kind === 'Rollout' || kind === 'Service' || kind === 'Ingress'
}

/** Numbers and booleans become texts where a text is wanted. */
function isMendedByQuotes({ hint }: Problem): boolean {
  return hint?.startsWith('Put it in quotes') === true
}

/** What has to be there for the API server is an empty text to lint, which it complains of in these places. */
const mustBeGiven =
  /^spec$|\.containers$|containers\[\d+\]\.name$|env\[\d+\]\.name$|containerPort$|headerValue$|(ping|pong)Service$|matchExpressions\[\d+\]\.(key|operator)$/

function isMissedByController({ problem, rollout }: Case): boolean {
  const path = problem.message.split(': ')[0]!
  // Without either Service the two are the same.
  if (path.endsWith('.activeService')) return rollout?.blueGreen?.previewService === undefined
  return mustBeGiven.test(path)
}

const mustDiffer = /[cC]ontainers\[\d+\]: |volumeMounts\[\d+\]: /

/** Checks of a Rollout by itself name its strategy's fields without saying which strategy it is. */
function isOfSpec({ kind, problem, manifest, problems }: Case): boolean {
  if (kind !== 'Rollout') return false
  const { verbatim } = problem
  if (verbatim === undefined) return false
  // The workload that a Rollout takes its pods from isn't looked for.
  if (hasWorkload(manifest!) && verbatim.startsWith('spec.template')) return false
  return !ofReferences.test(verbatim) && !problems.some((other) => isInOtherLetters(problem, other))
}

const ofReferences = /^spec\.(strategy\.(canary|blueGreen)\.|templates:)/

/** Whether what is missing is there, in letters of another case: to lint it is there. */
function isInOtherLetters({ verbatim, message }: Problem, { code, hint, message: unknown }: Problem): boolean {
  if (code !== 'unknown-field' || !hint?.includes(caseMatters)) return false
  const [, parent] = /^unknown field (.*)\.[^.]*:/.exec(unknown) ?? []
  return message.startsWith(`${parent}: `) || verbatim?.startsWith(`${parent}.strategy: Required value`) === true
}

function hasWorkload({ value }: Manifest): boolean {
  const { spec } = value as { readonly spec?: { readonly workloadRef?: unknown } | null }
  return spec?.workloadRef != null
}

/** Of a Service in the Rollout's file; who else steers it, it doesn't look at. */
function isOfService({ kind, problem, manifests }: Case): boolean {
  return kind === 'Service' && isInFileOfRollout(problem.file, manifests) && /has unmatch label/.test(problem.message)
}

/** Of one in the Rollout's file that is named without its namespace. */
function isOfVirtualService({ problem, manifests, rollout }: Case): boolean {
  const [, named] = /istio\.virtualServices?\.name: Invalid value: "(.*?)"/.exec(problem.verbatim ?? '') ?? []
  const references = rollout?.canary.routing?.istio?.virtualServices ?? []
  return (
    references.some(({ name, namespace }) => name === named && namespace === undefined) &&
    manifests.some(
      ({ kind, name, file }) => kind === 'VirtualService' && name === named && isInFileOfRollout(file, manifests),
    )
  )
}

function isInFileOfRollout(file: string, manifests: readonly Manifest[]): boolean {
  return manifests.some((manifest) => manifest.kind === 'Rollout' && manifest.file === file)
}

function manifestAt({ file, line }: Problem, manifests: readonly Manifest[]): Manifest | undefined {
  return manifests.findLast((manifest) => manifest.file === file && manifest.positionOf([]).line <= line)
}

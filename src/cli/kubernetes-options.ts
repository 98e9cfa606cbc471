// The options of `coalmine test` that say where on Kubernetes it flies.
import { type Command, Option } from 'commander'
import { cpus, memory, positive, seconds } from './option-values.js'

export interface OnKubernetes {
  readonly context: string | { readonly isCurrent: true } | undefined
  readonly kubeconfig?: string | undefined
  readonly namespace?: string | undefined
  readonly image: string
  readonly shards: number
  readonly cpu: string
  readonly memory: string
  readonly timeoutSeconds: number
}

export function addKubernetesOptions(command: Command): Command {
  return command
    .optionsGroup('On Kubernetes (docs/kubernetes.md):')
    .addOption(new Option('--on <where>', 'fly on a cluster, one pod a shard; needs --runs').choices(['kubernetes']))
    .option('--context <name>', 'the context of the kubeconfig: none is taken without being named')
    .addOption(new Option('--current-context', 'the context that kubectl would take').conflicts('context'))
    .option('--image <name>', 'an image in which `coalmine` of this version is on the PATH')
    .option('-n, --namespace <name>', 'where the Job is made (default: what the context says)')
    .option('--kubeconfig <file>', 'instead of what KUBECONFIG names, or ~/.kube/config')
    .option('--shards <n>', 'how many pods, at most one for each fifty runs of a scenario', positive, 8)
    .option('--cpu <n>', 'what each pod asks for and may take; it flies with as many threads', cpus, '1')
    .option('--memory <size>', 'what each pod asks for and may take', memory, '1Gi')
    .addOption(
      new Option('--timeout <duration>', 'how long all of it may take, such as 30m')
        .argParser(seconds)
        .default(3600, '1h'),
    )
}

const needOn = ['context', 'currentContext', 'image', 'namespace', 'kubeconfig', 'shards', 'cpu', 'memory', 'timeout']

/** What makes no sense on several machines, and why. */
const here: Readonly<Record<string, string>> = {
  shard: '--on flies all shards',
  bail: 'nobody knows before all shards have flown which scenarios fail',
  workers: 'it is --cpu that says how many threads a pod has',
}

/** Undefined where it flies on this machine. */
export function kubernetesFrom(command: Command, options: Record<string, unknown>): OnKubernetes | undefined {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  const flagsOf = (name: string) => command.options.find((each) => each.attributeName() === name)!.flags
  if (options['on'] === undefined) {
    const alone = needOn.find(isGiven)
    if (alone) command.error(`error: option '${flagsOf(alone)}' needs option '--on kubernetes'`)
    return undefined
  }
  for (const [name, why] of Object.entries(here)) {
    if (isGiven(name)) command.error(`error: option '${flagsOf(name)}' cannot be used with option '--on': ${why}`)
  }
  if (options['runs'] === undefined)
    command.error('error: --on needs --runs: each shard has to know how many there are')
  if (options['image'] === undefined) {
    const what = 'in which `coalmine` of this version is on the PATH (docs/kubernetes.md has a Dockerfile)'
    command.error(`error: --on needs --image NAME: an image ${what}`)
  }
  const { context, currentContext, timeout, ...others } = options
  const chosen = { ...others, context: currentContext ? { isCurrent: true } : context, timeoutSeconds: timeout }
  return chosen as unknown as OnKubernetes
}

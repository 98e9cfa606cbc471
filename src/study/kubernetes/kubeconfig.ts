// Which cluster, as whom, and in which namespace: read from kubeconfig files as kubectl reads them, never guessed.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node'
import { nearName } from '../../scenario/near-name.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'

export interface Asked {
  /** A file, instead of those that KUBECONFIG names, or that of the home folder. */
  readonly kubeconfig?: string | undefined
  /** Its name, or the one that kubectl would use. */
  readonly context: string | { readonly isCurrent: true } | undefined
  /** Instead of the one that the context says. */
  readonly namespace?: string | undefined
}

export interface Access {
  readonly config: KubeConfig
  readonly context: string
  readonly namespace: string
}

/** Undefined where nothing is chosen; why is among the problems. */
export function chooseAccess(
  { kubeconfig, context, namespace }: Asked,
  environment: NodeJS.ProcessEnv,
  problems: Problems,
): Access | undefined {
  const paths = pathsOf(kubeconfig, environment)
  const known = paths.length === 0 ? insideCluster(environment) : readAll(paths, problems)
  const place = wholeFile(paths.join(delimiter) || '(in the cluster)')
  if (known === undefined) {
    if (paths.length === 0) tellNone(problems)
    return undefined
  }
  const names = known.contexts.map(({ name }) => name)
  const name = typeof context === 'object' ? known.currentContext : context
  if (name === undefined || name === '') {
    const message =
      context === undefined ? 'no context is named, and none is taken without a word' : 'there is no current context'
    const hint = `Say --context NAME${context === undefined && known.currentContext ? ', or --current-context' : ''}. ${listOf(known)}`
    problems.error('context-missing', place, message, { hint })
    return undefined
  }
  const chosen = known.contexts.find((each) => each.name === name)
  if (chosen === undefined) {
    const near = nearName(name, names)
    const hint = near === undefined ? listOf(known) : `Did you mean \`${near}\`? ${listOf(known)}`
    problems.error('context-unknown', place, `there is no context \`${name}\``, { hint })
    return undefined
  }
  const cluster = known.clusters.find((each) => each.name === chosen.cluster)
  const user = known.users.find((each) => each.name === chosen.user)
  for (const [what, which, found] of [
    ['cluster', chosen.cluster, cluster],
    ['user', chosen.user, user],
  ] as const) {
    if (found) continue
    problems.error(
      'context-broken',
      place,
      `the context \`${name}\` names the ${what} \`${which}\`, which is not there`,
    )
  }
  if (!cluster || !user) return undefined
  // The client refuses to speak plain HTTP unless this is said, too; kubectl doesn't.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith('http:')
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [{ ...cluster, skipTLSVerify }],
    users: [user],
    contexts: [chosen],
    currentContext: name,
  })
  return { config, context: name, namespace: namespace ?? (chosen.namespace || 'default') }
}

interface Known {
  readonly clusters: readonly Cluster[]
  readonly users: readonly User[]
  readonly contexts: readonly Context[]
  readonly currentContext: string | undefined
}

/** Of several files in KUBECONFIG those that aren't there are passed over. */
function pathsOf(kubeconfig: string | undefined, environment: NodeJS.ProcessEnv): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig]
  const named = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '')
  if (named.length > 0) return named.some(existsSync) ? named.filter(existsSync) : named
  const ofHome = join(environment['HOME'] ?? homedir(), '.kube', 'config')
  return existsSync(ofHome) ? [ofHome] : []
}

/** What stands in one file is not overwritten by those after it. */
function readAll(paths: readonly string[], problems: Problems): Known | undefined {
  const { errorCount } = problems
  const configs = paths.flatMap((path) => {
    try {
      const config = new KubeConfig()
      config.loadFromFile(path)
      return [config]
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') problems.error('file-missing', wholeFile(path), `there is no file \`${path}\``)
      else
        problems.error(
          'not-a-kubeconfig',
          wholeFile(path),
          `this cannot be read as a kubeconfig: ${firstLine(message)}`,
        )
      return []
    }
  })
  if (problems.errorCount > errorCount) return undefined
  return {
    clusters: configs.flatMap((config) => config.getClusters()),
    users: configs.flatMap((config) => config.getUsers()),
    contexts: configs.flatMap((config) => config.getContexts()),
    currentContext: configs.map((config) => config.getCurrentContext()).find((name) => name),
  }
}

/** As a pod with a service account sees it. */
function insideCluster(environment: NodeJS.ProcessEnv): Known | undefined {
  if (!environment['KUBERNETES_SERVICE_HOST']) return undefined
  const config = new KubeConfig()
  config.loadFromCluster()
  const { clusters, users, contexts, currentContext } = config
  return { clusters, users, contexts, currentContext }
}

function tellNone(problems: Problems): void {
  const message = 'there is no kubeconfig: KUBECONFIG names none, and there is none in the home folder'
  problems.error('kubeconfig-missing', wholeFile('~/.kube/config'), message, { hint: 'Name one by --kubeconfig FILE.' })
}

function listOf({ contexts, currentContext }: Known): string {
  if (contexts.length === 0) return 'There are no contexts.'
  const names = [...new Set(contexts.map(({ name }) => name))].sort()
  return `There ${names.length === 1 ? 'is' : 'are'} ${names
    .map((name) => (name === currentContext ? `\`${name}\` (current)` : `\`${name}\``))
    .join(', ')}.`
}

function firstLine(text: string): string {
  return text.split('\n')[0]!
}

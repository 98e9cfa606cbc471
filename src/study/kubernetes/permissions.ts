// What somebody has to be allowed for a voyage, asked before anything is made: not when all has flown.
import { type Api, ClusterError, type Permission } from './api.js'

export const needed: readonly Permission[] = [
  { verb: 'create', group: 'batch', resource: 'jobs' },
  { verb: 'get', group: 'batch', resource: 'jobs' },
  { verb: 'delete', group: 'batch', resource: 'jobs' },
  { verb: 'create', group: '', resource: 'configmaps' },
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
]

/** Throws a ClusterError that names all that is missing. Where the cluster doesn't say, it will say so later. */
export async function checkPermissions(api: Api, namespace: string): Promise<void> {
  const answers = await Promise.all(needed.map((permission) => isGranted(api, permission)))
  const missing = needed.filter((_, index) => !answers[index])
  if (missing.length === 0) return
  const list = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource ? `/${subresource}` : ''}`,
  )
  const hint = 'docs/kubernetes.md has the Role that it takes.'
  throw new ClusterError(`in the namespace ${namespace} you are not allowed to ${list.join(', ')}\n  ${hint}`, 403)
}

async function isGranted(api: Api, permission: Permission): Promise<boolean> {
  try {
    return await api.may(permission)
  } catch (error) {
    // Without an answer of any kind nothing else will have one.
    if (error instanceof ClusterError && error.status !== undefined && error.status !== 401) return true
    throw error
  }
}

// The Role that docs/kubernetes.md tells people to grant.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { V1Role } from '@kubernetes/client-node'
import { parse } from 'yaml'

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'kubernetes.md')

export function documentedRole(): V1Role {
  const [, text] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readFileSync(page, 'utf8'))!
  return parse(text!) as V1Role
}

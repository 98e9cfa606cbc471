// Where Go keeps the controller's own module: examples and definitions are read from there and nowhere else.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Undefined where it isn't; test/oracle/build brings it. */
export function controllerModule(): string | undefined {
  const cwd = join(import.meta.dirname, '../oracle/argo-rollouts')
  const asked = ['list', '-m', '-f', '{{.Dir}}', 'github.com/argoproj/argo-rollouts']
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' }
  const { stdout } = spawnSync('go', asked, { cwd, encoding: 'utf8', env })
  const found = (stdout ?? '').trim()
  return found !== '' && existsSync(found) ? found : undefined
}

// Where Go keeps a module of what is simulated: examples, definitions and tests are read from there and nowhere else.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** By the name of the oracle that needs the module. Undefined where it isn't; test/oracle/build brings it. */
export function goModule(oracle: string, path: string): string | undefined {
  const cwd = join(process.cwd(), 'test/oracle', oracle)
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' }
  const { stdout } = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', path], { cwd, encoding: 'utf8', env })
  const found = (stdout ?? '').trim()
  return found !== '' && existsSync(found) ? found : undefined
}

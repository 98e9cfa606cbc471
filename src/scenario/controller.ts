// Which controller acts on the policy, in which of its versions: `argo-rollouts@1.10`.
import type { Parsed, Unit } from './units.js'

export interface Controller {
  readonly name: 'argo-rollouts'
  /** In full: of a minor version its last patch. */
  readonly version: string
}

/** The versions that are simulated, from the oldest to the newest stable one. */
const versions = ['1.8.4', '1.8.5', '1.9.0', '1.9.1', '1.9.2', '1.9.3', '1.10.0', '1.10.1', '1.10.2'] as const

const newestVersion = versions[versions.length - 1]!

export const newestController: Controller = Object.freeze({ name: 'argo-rollouts', version: newestVersion })

export const controller: Unit<Controller> = {
  expected: 'a controller and its version, such as `argo-rollouts@1.10` or `argo-rollouts@1.8.5`',
  examples: ['argo-rollouts@1.10', 'argo-rollouts@1.9', 'argo-rollouts@1.8.5'],
  pattern: /^argo-rollouts@v?(\d+\.\d+(?:\.\d+)?)$/,
  parse: parseController,
  format: ({ name, version }) => `${name}@${version}`,
}

/** Of `1.8` the last patch, of `1.8.5` itself; undefined if it isn't simulated. */
export function findVersion(written: string): string | undefined {
  return versions.findLast((version) => version === written || version.startsWith(`${written}.`))
}

function parseController(text: string): Parsed<Controller> {
  const { expected, pattern } = controller
  const written = pattern.exec(text)?.[1]
  if (written === undefined) return { ok: false, message: `\`${text}\` is not ${expected}`, expected }
  const version = findVersion(written)
  if (version !== undefined) return { ok: true, value: Object.freeze({ name: 'argo-rollouts', version }) }
  const hint = `Simulated are ${versions[0]} to ${newestVersion}; without a version it is ${newestVersion}.`
  return { ok: false, message: `Argo Rollouts ${written} is not simulated`, expected, hint }
}

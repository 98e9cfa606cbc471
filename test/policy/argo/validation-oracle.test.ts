// Random Rollouts, right and wrong, to the controller's own validation and to ours: the first complaint is the same, to
// the letter.
import { expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import type { JsonObject } from '../../../src/scenario/json.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import { Chance } from '../../conformance/chance.js'
import { controller, seed } from '../../oracle/oracle.js'
import { randomRollout } from './random-rollout.js'

const count = 3000

it.skipIf(!controller.isThere(`${count} Rollouts`))(
  `the controller's own validation refuses what ours does (seed ${seed})`,
  () => {
    const chance = new Chance(seed)
    const rollouts = Array.from({ length: count }, () => randomRollout(chance))
    const answers = controller.ask(rollouts.map((rollout) => JSON.stringify({ ask: 'rollout', rollout })))
    const theirs = answers.map((line) => (JSON.parse(line) as { readonly refused?: string }).refused)
    // A test of nothing but refusals, or of none, would show little.
    const refused = theirs.filter((words) => words !== undefined).length
    expect([refused > count / 10, refused < (count * 9) / 10]).toEqual([true, true])
    const different = rollouts.flatMap((rollout, at) => {
      const ours = complaintAbout(rollout)
      return ours === theirs[at] ? [] : [{ spec: JSON.stringify(rollout['spec']), theirs: theirs[at], ours }]
    })
    expect(different.slice(0, 5), `${different.length} of ${count} differ, seed ${seed}`).toEqual([])
  },
)

/** Of the spec alone: nothing is there that it could refer to. */
function complaintAbout(rollout: JsonObject): string | undefined {
  const problems = new Problems()
  const manifests = readManifests(['rollout.json'], { read: () => ({ text: JSON.stringify(rollout) }) }, problems)
  const words = readPolicy(manifests, problems)?.refusal?.words
  return words?.endsWith(' not found') ? undefined : words
}

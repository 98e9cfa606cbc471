// The controller that acts on the policy, and its version.
import { expect, test } from 'vitest'
import { controller, findVersion, newestController } from '../../src/scenario/controller.js'

test.each([
  ['argo-rollouts@1.8', '1.8.5'],
  ['argo-rollouts@1.8.4', '1.8.4'],
  ['argo-rollouts@v1.9.1', '1.9.1'],
  ['argo-rollouts@1.9', '1.9.3'],
  ['argo-rollouts@1.10', '1.10.2'],
])('%s is version %s: of a minor version the last patch', (written, version) => {
  expect(controller.parse(written)).toEqual({ ok: true, value: { name: 'argo-rollouts', version } })
})

test('1.1 is not 1.10', () => {
  expect(findVersion('1.1')).toBeUndefined()
})

test('the newest stable version is the default', () => {
  expect(controller.parse('argo-rollouts@1.10')).toEqual({ ok: true, value: newestController })
  expect(controller.format(newestController)).toBe('argo-rollouts@1.10.2')
})

test('the examples for editors are versions', () => {
  for (const example of controller.examples) expect(controller.parse(example).ok).toBe(true)
})

// The Role in the documentation, and what the program asks for.
import { expect, it } from 'vitest'
import { needed } from '../../../src/study/kubernetes/permissions.js'
import { documentedRole } from './documented-role.js'

it('are those of the documented Role, which also allows to list events', () => {
  const documented = documentedRole().rules!.flatMap(({ apiGroups, resources, verbs }) =>
    verbs.map((verb) => `${verb} ${apiGroups![0]}/${resources![0]}`),
  )
  const asked = needed.map(({ verb, group, resource, subresource }) => {
    return `${verb} ${group}/${resource}${subresource ? `/${subresource}` : ''}`
  })
  expect(documented.toSorted()).toEqual([...asked, 'list /events'].toSorted())
})

// Findings say what a flight of the very manifests shows, where it shows.
import { expect, it } from 'vitest'
import { findingsOf } from './findings-of.js'
import { manifestsOn, pageOf } from './pages.js'

it.each([
  ['old-pods-stay', /^.+ after the promotion the old version still has 4 of its pods\.$/],
  ['gate-lost', /^The pause is over \d+ms after it began, and nobody has promoted\.$/],
  ['background-before-pods', /^The first \d measurements of a good release are Errors(, and abort it)?\.$/],
  ['background-too-late', /^A good release is promoted, and errors was never measured\.$/],
  ['condition-always-error', /^A good release is aborted \d+m[\d.]*s? after it began\.$/],
  ['argument-undeclared', /^A good release is aborted \d+s after it began\.$/],
  ['count-below-zero', /^It is measured once in a good release\.$/],
  ['interval-below-second', /^In the first second errors is measured \d+ times\.$/],
  ['pause-of-no-time', /^A good release is at this step for \d+ ms\.$/],
])('%s', (id, flown) => {
  const [text] = manifestsOn(pageOf(id), 'bad')
  expect(findingsOf(text!).filter((finding) => finding.id === id)).toEqual([
    expect.objectContaining({ flown: expect.stringMatching(flown) }),
  ])
})

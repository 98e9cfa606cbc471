// What a version of the controller does otherwise than another shows in a recording: played with that one behaviour
// taken the other way, the case comes out differently.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Behaviours, Version } from '../../src/policy/argo/version.js'
import { hold } from './corpus.js'

/** By behaviour, recordings that tell: of 1.8.5 in the folder `older`, of 1.10.1 in the others. */
const telling: Readonly<Partial<Record<keyof Behaviours, readonly string[]>>> = {
  promoteAboveSize: ['older/at-min-pods-above'],
  nameAnalysisInAbort: ['older/an-bg-fail', 'analysis/an-bg-fail', 'older/at-bg-post-bad'],
  stepDownDynamicAbort: ['older/at-dss-abort', 'traffic/at-dss-abort'],
  carryByMaxWeight: ['older/at-max-weight', 'traffic/at-max-weight'],
  failWhileSubsetsWait: ['older/at-subsets-slow', 'older/at-subsets-crash', 'traffic/at-subsets-crash'],
  describeRouteSteps: ['older/at-header-route'],
  unpauseOnFullPromotion: ['older/at-full-while-paused', 'traffic/at-full-while-paused'],
  printAsJson: ['older/ac-surge-word', 'canary/ac-surge-word'],
  settlePausesFirst: ['older/ac-deadline-abort', 'older/ac-initial-deadline', 'canary/ac-deadline-abort'],
  knowFastRollbacks: ['older/at-bg-retry-in-time', 'older/at-bg-undo-in-time', 'older/at-bg-rollback-window'],
  dropRunsOfAborted: ['older/an-history-limit', 'older/an-step-promote-full', 'analysis/an-bg-fail'],
  resizeWaitingCanary: ['older/at-abort-resize', 'traffic/at-abort-resize'],
  stopAfterCreating: ['older/ac-both-zero', 'canary/ac-both-zero'],
  capMinPods: ['older/at-min-pods-above', 'traffic/at-min-pods-above'],
  removeRoutesOfSteps: ['older/at-header-route', 'traffic/at-header-route'],
  readConditionsAnew: ['older/an-empty-vector', 'older/an-condition-type-error', 'analysis/an-empty-vector'],
  doubtEndedJobs: ['older/an-job-abort', 'older/an-job-ok', 'analysis/an-job-twice'],
}

const proofs = Object.entries(telling).flatMap(([behaviour, cases]) => cases.map((path) => ({ behaviour, path })))

it.each(proofs)('$path tells whether the controller is to $behaviour', ({ behaviour, path }) => {
  const [group = '', name = ''] = path.split('/')
  const folder = join(import.meta.dirname, 'cases', 'argo', group)
  const otherwise = (version: Version): Version => {
    const { does } = version
    return { ...version, does: { ...does, [behaviour]: !does[behaviour as keyof Behaviours] } }
  }
  const recorded = { name, folder, unsteady: [] }
  expect(hold(recorded, otherwise).wrong.length).toBeGreaterThan(hold(recorded).wrong.length)
})

// How the record of a flight is read again that was stored as it was printed.
import { z } from 'zod'
import { verdicts } from '../scenario/budget.js'
import { amount, exactly, figure, oneOf, positive, whole } from '../scenario/exactly.js'
import { fidelities } from '../scenario/fidelity.js'
import { type BlastRadius, runSchema, type StoredRun, type Times } from './record.js'
import type { TimelineEntry } from './timeline.js'

type Entry<What extends TimelineEntry['what']> = Extract<TimelineEntry, { readonly what: What }>

const atMs = amount
const text = z.string()
const percent = figure

const entry = oneOf<TimelineEntry, 'what'>('what', {
  release: exactly<Entry<'release'>>({ atMs, what: z.literal('release'), image: text }),
  fault: exactly<Entry<'fault'>>({ atMs, what: z.literal('fault'), on: text, effect: text, begins: z.boolean() }),
  rollout: exactly<Entry<'rollout'>>({
    atMs,
    what: z.literal('rollout'),
    phase: text,
    message: text,
    step: whole.nullable(),
    steps: whole,
    setWeightPercent: percent,
  }),
  'replica-set': exactly<Entry<'replica-set'>>({
    atMs,
    what: z.literal('replica-set'),
    name: text,
    spec: whole,
    ready: whole,
    available: whole,
  }),
  person: exactly<Entry<'person'>>({ atMs, what: z.literal('person'), does: text }),
  restart: exactly<Entry<'restart'>>({
    atMs,
    what: z.literal('restart'),
    replicaSet: text,
    pod: whole,
    restarts: positive,
    reason: z.enum(['', 'Completed', 'Error', 'OOMKilled']),
  }),
  cluster: exactly<Entry<'cluster'>>({ atMs, what: z.literal('cluster'), on: text, reason: text, message: text }),
  service: exactly<Entry<'service'>>({ atMs, what: z.literal('service'), name: text, selects: text }),
  traffic: exactly<Entry<'traffic'>>({
    atMs,
    what: z.literal('traffic'),
    setWeightPercent: percent,
    actualWeightPercent: percent,
  }),
  experiment: exactly<Entry<'experiment'>>({
    atMs,
    what: z.literal('experiment'),
    name: text,
    phase: text,
    message: text,
  }),
  analysis: exactly<Entry<'analysis'>>({ atMs, what: z.literal('analysis'), name: text, phase: text, message: text }),
  measurement: exactly<Entry<'measurement'>>({
    atMs,
    what: z.literal('measurement'),
    run: text,
    metric: text,
    phase: text,
    value: text.nullable(),
    message: text,
  }),
  alert: exactly<Entry<'alert'>>({
    atMs,
    what: z.literal('alert'),
    alert: text,
    change: z.enum(['pending', 'firing', 'resolved', 'gone', 'standing']),
    labels: z.record(text, text),
    value: text,
  }),
  rule: exactly<Entry<'rule'>>({ atMs, what: z.literal('rule'), rule: text, group: text, error: text }),
  event: exactly<Entry<'event'>>({ atMs, what: z.literal('event'), on: text, reason: text, message: text }),
  notification: exactly<Entry<'notification'>>({
    atMs,
    what: z.literal('notification'),
    trigger: text,
    service: text,
    recipients: z.array(text),
  }),
})

const blastRadius = exactly<BlastRadius>({
  requests: exactly<BlastRadius['requests']>({ total: amount, exposed: amount, failed: amount, excess: figure }),
  users: exactly<BlastRadius['users']>({ total: amount, exposed: amount, harmed: amount }),
  userMinutes: amount,
  budgetSpentPercent: figure,
  peakWeightPercent: amount,
})

const times = exactly<Times>({
  releasedMs: amount,
  onsetMs: amount.nullable(),
  firstExposedMs: amount.nullable(),
  firstObservableMs: amount.nullable(),
  firstFailedCheckMs: amount.nullable(),
  decidedMs: amount.nullable(),
  safeMs: amount.nullable(),
  promotedMs: amount.nullable(),
  endMs: amount,
})

export const storedRunSchema = exactly<StoredRun>({
  schema: z.literal(runSchema),
  version: text,
  scenario: text,
  teaches: text,
  seed: whole,
  fidelity: z.enum(fidelities),
  verdict: z.enum(verdicts),
  missed: z.boolean(),
  falseAbort: z.boolean(),
  detectionMs: figure.nullable(),
  timeToSafeMs: figure.nullable(),
  blastRadius,
  times,
  timeline: z.array(entry),
})

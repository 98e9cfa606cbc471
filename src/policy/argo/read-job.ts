// The Job of a metric, as far as it decides when and how it ends.
import type { Fields } from '../fields.js'
import type { JobTemplate } from './provider/provider.js'

export function readJob(job: Fields): JobTemplate {
  job.irrelevant('metadata')
  const spec = job.fields('spec') ?? job.empty('spec')
  spec.refuse(...severalPods)
  spec.irrelevant('selector', 'manualSelector', 'podReplacementPolicy')
  for (const key of ['parallelism', 'completions']) {
    const pods = spec.integer(key)
    if (pods !== undefined && pods !== 1) spec.refuse(key)
  }
  const template = spec.fields('template')
  const pod = template?.fields('spec')
  const read: JobTemplate = {
    kind: 'job',
    image: pod?.list('containers')[0]?.text('image') ?? '',
    restartPolicy: pod?.text('restartPolicy') ?? 'Always',
    backoffLimit: spec.integer('backoffLimit') ?? defaultBackoffLimit,
    activeDeadlineSeconds: spec.integer('activeDeadlineSeconds'),
    ttlSecondsAfterFinished: spec.integer('ttlSecondsAfterFinished'),
  }
  spec.end()
  return read
}

/** Fields of Jobs with more than one pod, or with rules of their own for the end of one. */
const severalPods = [
  'completionMode',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
  'podFailurePolicy',
  'successPolicy',
  'suspend',
  'managedBy',
]

/** Of Kubernetes, not of Argo. */
const defaultBackoffLimit = 6

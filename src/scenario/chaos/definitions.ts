// The fields of Chaos Mesh's documents, as its custom resource definitions have them (api/v1alpha1 of 2.8).
import type { Field, Shape } from './shape.js'

const text: Field = { kind: 'text' }
const neededText: Field = { kind: 'text', isRequired: true }
const whole: Field = { kind: 'whole' }

const selector: Shape = {
  namespaces: { kind: 'texts' },
  fieldSelectors: { kind: 'words' },
  labelSelectors: { kind: 'words' },
  expressionSelectors: {
    kind: 'parts',
    shape: {
      key: neededText,
      operator: { kind: 'text', isRequired: true, oneOf: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
      values: { kind: 'texts' },
    },
  },
  annotationSelectors: { kind: 'words' },
  nodes: { kind: 'texts' },
  pods: { kind: 'lists' },
  nodeSelectors: { kind: 'words' },
  podPhaseSelectors: { kind: 'texts' },
}

const pods: Shape = {
  selector: { kind: 'part', isRequired: true, shape: selector },
  mode: { kind: 'text', isRequired: true, oneOf: ['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'] },
  value: text,
}

const every: Shape = { ...pods, duration: text, remoteCluster: text }

const part = (shape: Shape): Field => ({ kind: 'part', shape })

const correlated = (name: string, more: Shape = {}) => part({ [name]: neededText, correlation: text, ...more })

const podChaos: Shape = {
  ...every,
  action: { kind: 'text', isRequired: true, oneOf: ['pod-kill', 'pod-failure', 'container-kill'] },
  containerNames: { kind: 'texts' },
  gracePeriod: { kind: 'whole', least: 0 },
}

const networkActions = ['netem', 'delay', 'loss', 'duplicate', 'corrupt', 'partition', 'bandwidth']

const networkChaos: Shape = {
  ...every,
  action: { kind: 'text', isRequired: true, oneOf: networkActions },
  device: text,
  delay: correlated('latency', {
    jitter: text,
    reorder: correlated('reorder', { gap: { kind: 'whole', isRequired: true } }),
  }),
  loss: correlated('loss'),
  duplicate: correlated('duplicate'),
  corrupt: correlated('corrupt'),
  bandwidth: part({
    rate: neededText,
    limit: { kind: 'whole', isRequired: true, least: 1 },
    buffer: { kind: 'whole', isRequired: true, least: 1 },
    peakrate: { kind: 'whole', least: 0 },
    minburst: { kind: 'whole', least: 0 },
  }),
  rate: part({ rate: neededText }),
  direction: { kind: 'text', oneOf: ['to', 'from', 'both'] },
  target: { kind: 'part', shape: pods },
  targetDevice: text,
  externalTargets: { kind: 'texts' },
}

const httpChaos: Shape = {
  ...every,
  target: { kind: 'text', isRequired: true, oneOf: ['Request', 'Response'] },
  port: { kind: 'whole', least: 1 },
  path: text,
  method: text,
  code: whole,
  request_headers: { kind: 'words' },
  response_headers: { kind: 'words' },
  tls: { kind: 'any' },
  abort: { kind: 'switch' },
  delay: text,
  replace: part({
    path: text,
    method: text,
    code: whole,
    body: text,
    queries: { kind: 'words' },
    headers: { kind: 'words' },
  }),
  patch: part({
    body: part({ type: neededText, value: neededText }),
    queries: { kind: 'any' },
    headers: { kind: 'any' },
  }),
}

const workers: Field = { kind: 'whole', isRequired: true, most: 8192 }

const stressChaos: Shape = {
  ...every,
  containerNames: { kind: 'texts' },
  stressngStressors: text,
  stressors: part({
    cpu: part({ workers, load: { kind: 'whole', least: 0, most: 100 }, options: { kind: 'texts' } }),
    memory: part({
      workers,
      size: text,
      oomScoreAdj: { kind: 'whole', least: -1000, most: 1000 },
      options: { kind: 'texts' },
    }),
  }),
}

/** What a document of each kind may say in its `spec`, of those kinds that the world has something of. */
export const chaosShapes = {
  PodChaos: podChaos,
  NetworkChaos: networkChaos,
  HTTPChaos: httpChaos,
  StressChaos: stressChaos,
} as const satisfies Readonly<Record<string, Shape>>

export type ChaosKind = keyof typeof chaosShapes

/** Under what name a Schedule has the `spec` of what it makes. */
export const scheduledAs = {
  PodChaos: 'podChaos',
  NetworkChaos: 'networkChaos',
  HTTPChaos: 'httpChaos',
  StressChaos: 'stressChaos',
} as const satisfies Readonly<Record<ChaosKind, string>>

/** All other kinds that Chaos Mesh has, and what the world lacks for them. */
export const otherKinds: Readonly<Record<string, string>> = {
  AWSChaos: 'machines of a cloud',
  AzureChaos: 'machines of a cloud',
  BlockChaos: 'disks',
  DNSChaos: 'names to resolve',
  GCPChaos: 'machines of a cloud',
  IOChaos: 'files',
  JVMChaos: 'a Java virtual machine',
  KernelChaos: 'a kernel',
  PhysicalMachineChaos: 'physical machines',
  TimeChaos: 'clocks of pods',
  Workflow: 'workflows: write a Schedule, or a fault for each step',
  StatusCheck: 'status checks',
}

export const scheduleShape: Shape = {
  schedule: neededText,
  type: { kind: 'text', isRequired: true, oneOf: [...Object.keys(chaosShapes), ...Object.keys(otherKinds)].sort() },
  startingDeadlineSeconds: { kind: 'whole', least: 1 },
  concurrencyPolicy: { kind: 'text', oneOf: ['Forbid', 'Allow'] },
  historyLimit: { kind: 'whole', least: 1 },
  workflow: { kind: 'any' },
  ...Object.fromEntries(Object.values(scheduledAs).map((key) => [key, { kind: 'any' } as const])),
  ...Object.fromEntries(
    ['aws', 'azure', 'block', 'dns', 'gcp', 'io', 'jvm', 'kernel', 'physicalmachine', 'time'].map((name) => [
      `${name}Chaos`,
      { kind: 'any' } as const,
    ]),
  ),
}

// What is asked of the cluster's API server, and what it says when it won't.
import {
  ApiException,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  type CoreV1Event,
  createConfiguration,
  type Middleware,
  ServerConfiguration,
  type V1ConfigMap,
  type V1Job,
  type V1Pod,
} from '@kubernetes/client-node'
import { containerName } from './job.js'
import type { Access } from './kubeconfig.js'

/** Something of the cluster is missing, refused or failed; the message says what, in the cluster's words. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'

  constructor(
    message: string,
    /** Of HTTP; undefined where there was no answer. */
    readonly status?: number,
  ) {
    super(message)
  }

  /** Whether it may pass by itself. */
  get mayPass(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500
  }
}

export interface Permission {
  readonly verb: string
  readonly group: '' | 'batch'
  readonly resource: string
  readonly subresource?: string
}

/** With the whole log of a pod. */
const answerWithinMs = 60_000

export class Api {
  private readonly authorization: AuthorizationV1Api
  private readonly batch: BatchV1Api
  private readonly core: CoreV1Api
  private readonly namespace: string
  private readonly server: string

  constructor({ config, namespace }: Access) {
    this.server = config.getCurrentCluster()!.server
    this.namespace = namespace
    const configuration = createConfiguration({
      baseServer: new ServerConfiguration(this.server, {}),
      authMethods: { default: config },
      promiseMiddleware: [deadline],
    })
    this.authorization = new AuthorizationV1Api(configuration)
    this.batch = new BatchV1Api(configuration)
    this.core = new CoreV1Api(configuration)
  }

  /** Whether whoever asks is allowed to. */
  async may({ verb, group, resource, subresource }: Permission): Promise<boolean> {
    const { namespace } = this
    const resourceAttributes = { namespace, verb, group, resource, ...(subresource ? { subresource } : {}) }
    const body = { spec: { resourceAttributes } }
    const { status } = await this.ask('say who may do what', () =>
      this.authorization.createSelfSubjectAccessReview({ body }),
    )
    return status?.allowed !== false
  }

  createJob(body: V1Job): Promise<V1Job> {
    const { namespace } = this
    return this.ask('create a Job', () =>
      this.batch.createNamespacedJob({ namespace, body, fieldValidation: 'Strict', fieldManager: 'coalmine' }),
    )
  }

  createConfigMap(body: V1ConfigMap): Promise<V1ConfigMap> {
    const { namespace } = this
    return this.ask('create a ConfigMap', () =>
      this.core.createNamespacedConfigMap({ namespace, body, fieldValidation: 'Strict', fieldManager: 'coalmine' }),
    )
  }

  job(name: string): Promise<V1Job> {
    const { namespace } = this
    return this.ask(`read the Job ${name}`, () => this.batch.readNamespacedJob({ namespace, name }))
  }

  async pods(job: string): Promise<readonly V1Pod[]> {
    const { namespace } = this
    const labelSelector = `batch.kubernetes.io/job-name=${job}`
    const list = await this.ask('list pods', () => this.core.listNamespacedPod({ namespace, labelSelector }))
    return list.items
  }

  log(pod: string, tailLines?: number): Promise<string> {
    const { namespace } = this
    const request = { namespace, name: pod, container: containerName, ...(tailLines ? { tailLines } : {}) }
    return this.ask(`read the log of the pod ${pod}`, async () => (await this.core.readNamespacedPodLog(request)) ?? '')
  }

  /** What Kubernetes warns of about the Job itself. */
  async warnings(job: string): Promise<readonly CoreV1Event[]> {
    const { namespace } = this
    const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${job},type=Warning`
    const list = await this.ask('list events', () => this.core.listNamespacedEvent({ namespace, fieldSelector }))
    return list.items
  }

  /** With its pods and its ConfigMap; one that is gone already is no mistake. */
  async deleteJob(name: string): Promise<void> {
    const { namespace } = this
    try {
      await this.ask(`delete the Job ${name}`, () =>
        this.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' }),
      )
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 404)) throw error
    }
  }

  private async ask<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call()
    } catch (error) {
      if (error instanceof ApiException)
        throw new ClusterError(`${this.server} would not ${what}: ${said(error)}`, error.code)
      const { message } = error as Error
      throw new ClusterError(`${this.server} could not be asked to ${what}: ${message}`)
    }
  }
}

/** The client itself would wait for ever. */
const deadline: Middleware = {
  pre: async (request) => {
    request.setSignal(AbortSignal.timeout(answerWithinMs))
    return request
  },
  post: async (response) => response,
}

function said({ code, body }: ApiException<unknown>): string {
  const status = (typeof body === 'string' ? parsed(body) : body) as { readonly message?: unknown } | undefined
  if (typeof status?.message === 'string') return status.message
  return `HTTP ${code}${typeof body === 'string' && body !== '' ? ` ${body.trim()}` : ''}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

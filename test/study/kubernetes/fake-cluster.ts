// An API server on loopback with a Job controller, a kubelet and a garbage collector behind it, as far as Indexed Jobs need
// them. Its pods run their real command. What it does is held against the real ones in control-plane.test.ts.
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { V1ConfigMap, V1Job, V1Pod, V1SelfSubjectAccessReview } from '@kubernetes/client-node'
import { Container, type Fate, indexOf, type Script } from './container.js'

interface Refusal {
  readonly method: string
  readonly path: RegExp
  readonly status: number
  readonly message: string
  /** For ever, if left out. */
  times?: number
}

export class FakeCluster {
  /** `METHOD /path`, without queries. */
  readonly requests: string[] = []
  script: Script = () => ({})
  readonly refusals: Refusal[] = []
  /** `VERB RESOURCE`, as access reviews answer. */
  forbidden: readonly string[] = []
  /** What the Job controller says when it may not make pods. */
  refusedPods: string | undefined
  /** All Jobs that have been made. */
  readonly seen: V1Job[] = []
  readonly jobs = new Map<string, V1Job>()
  readonly configMaps = new Map<string, V1ConfigMap>()
  readonly pods = new Map<string, V1Pod>()
  private readonly containers = new Map<string, Container>()
  private readonly logs = new Map<string, string>()
  private readonly server = createServer((request, response) => void this.answer(request, response))

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    for (const container of this.containers.values()) container.kill()
    await Promise.all([...this.containers.values()].map(({ ended }) => ended))
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get isEmpty(): boolean {
    return this.jobs.size + this.configMaps.size + this.pods.size === 0
  }

  writeKubeconfig(path: string): void {
    const context = { cluster: 'fake', user: 'fake', namespace: 'flights' }
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: this.address } }],
      users: [{ name: 'fake', user: { token: 'fake' } }],
      contexts: [{ name: 'fake', context }],
    }
    writeFileSync(path, JSON.stringify(config))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string
    const { pathname, searchParams } = new URL(request.url!, this.address)
    const method = request.method!
    this.requests.push(`${method} ${pathname}`)
    const refusal = this.refusals.find((each) => each.method === method && each.path.test(pathname) && each.times !== 0)
    if (refusal) {
      if (refusal.times !== undefined) refusal.times--
      send(response, refusal.status, statusOf(refusal.status, refusal.message))
      return
    }
    if (pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
      const { verb, resource, subresource } = (JSON.parse(text) as V1SelfSubjectAccessReview).spec.resourceAttributes!
      const allowed = !this.forbidden.includes(`${verb} ${resource}${subresource ? `/${subresource}` : ''}`)
      send(response, 201, {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        status: { allowed },
      })
      return
    }
    const [, resource = '', name, sub] = /\/namespaces\/flights\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(pathname) ?? []
    const body = text === '' ? undefined : (JSON.parse(text) as unknown)
    const answer = this.handle(`${method} ${resource}${sub ? `/${sub}` : ''}`, name, body, searchParams)
    if (answer === undefined) send(response, 404, statusOf(404, `${resource} "${name ?? ''}" not found`))
    else send(response, method === 'POST' ? 201 : 200, answer)
  }

  private handle(what: string, name = '', body: unknown, query: URLSearchParams): unknown {
    switch (what) {
      case 'POST jobs':
        return this.createJob(body as V1Job)
      case 'POST configmaps':
        return this.createConfigMap(body as V1ConfigMap)
      case 'GET jobs':
        return this.jobs.get(name)
      case 'DELETE jobs':
        return this.deleteJob(name)
      case 'GET pods':
        return { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [...this.pods.values()] }
      case 'GET pods/log':
        return this.log(name, query)
      case 'GET events':
        return { apiVersion: 'v1', kind: 'EventList', metadata: {}, items: this.events() }
      default:
        throw new Error(`the fake cluster knows no ${what}`)
    }
  }

  private createJob(job: V1Job): V1Job {
    const name = job.metadata!.name!
    job.metadata = { ...job.metadata!, uid: `uid-${name}`, creationTimestamp: new Date() }
    job.status = {}
    this.jobs.set(name, job)
    this.seen.push(job)
    if (this.refusedPods === undefined) {
      for (let index = 0; index < job.spec!.completions!; index++) this.createPod(job, index, 1)
    }
    return job
  }

  private createConfigMap(configMap: V1ConfigMap): V1ConfigMap {
    this.configMaps.set(configMap.metadata!.name!, configMap)
    for (const pod of this.pods.values()) this.startPod(pod)
    return configMap
  }

  private createPod(job: V1Job, index: number, attempt: number): void {
    const name = `${job.metadata!.name}-${index}-try${attempt}`
    const template = job.spec!.template
    const pod: V1Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        labels: { ...template.metadata?.labels, 'batch.kubernetes.io/job-name': job.metadata!.name! },
        annotations: { ...template.metadata?.annotations, 'batch.kubernetes.io/job-completion-index': String(index) },
      },
      spec: template.spec!,
      status: { phase: 'Pending', containerStatuses: [statusWith({ waiting: { reason: 'ContainerCreating' } })] },
    }
    this.pods.set(name, pod)
    this.startPod(pod)
  }

  /** As soon as what it mounts is there. */
  private startPod(pod: V1Pod): void {
    const name = pod.metadata!.name!
    const jobName = pod.metadata!.labels!['batch.kubernetes.io/job-name']!
    const configMap = this.configMaps.get(jobName)
    const fate = this.script(Number(indexOf(pod)), attemptOf(name))
    if (fate.unschedulable !== undefined) {
      const conditions = [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: fate.unschedulable },
      ]
      pod.status = { phase: 'Pending', conditions }
    } else if (fate.waits) {
      pod.status = { phase: 'Pending', containerStatuses: [statusWith({ waiting: fate.waits })] }
    } else if (configMap && !this.containers.has(name) && pod.status!.phase === 'Pending') {
      pod.status = { phase: 'Running', containerStatuses: [statusWith({ running: {} })] }
      if (fate.ends) setImmediate(() => this.end(pod, fate.ends!.exitCode, fate.ends!.log ?? '', fate))
      else if (!fate.hangs) void this.run(pod, configMap, fate)
    }
  }

  private async run(pod: V1Pod, configMap: V1ConfigMap, fate: Fate): Promise<void> {
    const container = new Container(pod, configMap)
    this.containers.set(pod.metadata!.name!, container)
    const { exitCode, log } = await container.ended
    this.end(pod, exitCode, fate.log?.(log) ?? log, fate)
  }

  private end(pod: V1Pod, exitCode: number, log: string, { ends }: Fate): void {
    const name = pod.metadata!.name!
    if (!this.pods.has(name)) return
    this.logs.set(name, log)
    const reason = ends?.reason ?? (exitCode === 0 ? 'Completed' : 'Error')
    const terminated = { exitCode, reason, ...(ends?.message ? { message: ends.message } : {}) }
    pod.status = {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [statusWith({ terminated })],
    }
    this.control(pod, exitCode)
  }

  /** What the Job controller makes of a pod's end. */
  private control(pod: V1Pod, exitCode: number): void {
    const job = this.jobs.get(pod.metadata!.labels!['batch.kubernetes.io/job-name']!)!
    const { completions, backoffLimitPerIndex, podFailurePolicy } = job.spec!
    const those = [...this.pods.values()]
    const done = those.filter(({ status }) => status!.phase === 'Succeeded').length
    if (done === completions) this.finish(job, 'Complete', 'CompletionsReached', '')
    if (exitCode === 0) return
    const name = pod.metadata!.name!
    const rules = podFailurePolicy!.rules
    const isHopeless = rules.some(
      ({ action, onExitCodes }) => action === 'FailJob' && onExitCodes?.values.includes(exitCode),
    )
    const attempt = attemptOf(name)
    if (isHopeless) {
      const message = `Container flights for pod flights/${name} failed with exit code ${exitCode} matching FailJob rule`
      this.finish(job, 'Failed', 'PodFailurePolicy', message)
    } else if (attempt > backoffLimitPerIndex!) {
      this.finish(
        job,
        'Failed',
        'MaxFailedIndexesExceeded',
        'Job has exceeded the specified maximal number of failed indexes',
      )
    } else {
      // The real one takes ten seconds for the first time.
      setTimeout(() => {
        if (this.jobs.has(job.metadata!.name!)) this.createPod(job, Number(indexOf(pod)), attempt + 1)
      }, 100)
    }
  }

  private finish(job: V1Job, type: string, reason: string, message: string): void {
    job.status = { ...job.status, conditions: [{ type, status: 'True', reason, message }] }
  }

  /** The controller ends it once its time is over. */
  expire(): void {
    for (const job of this.jobs.values()) {
      this.finish(job, 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline')
    }
  }

  /** Somebody else deletes all there is. */
  forget(): void {
    for (const name of [...this.jobs.keys()]) this.deleteJob(name)
  }

  private log(name: string, query: URLSearchParams): string | undefined {
    const log = this.logs.get(name)
    const tail = query.get('tailLines')
    return log === undefined || tail === null ? log : log.trimEnd().split('\n').slice(-Number(tail)).join('\n')
  }

  private events(): readonly unknown[] {
    if (this.refusedPods === undefined) return []
    const metadata = { name: 'warning' }
    return [{ metadata, involvedObject: {}, type: 'Warning', reason: 'FailedCreate', message: this.refusedPods }]
  }

  private deleteJob(name: string): V1Job | undefined {
    const job = this.jobs.get(name)
    if (job === undefined) return undefined
    this.jobs.delete(name)
    for (const [key, { metadata }] of this.configMaps) {
      if (metadata!.ownerReferences?.some(({ uid }) => uid === job.metadata!.uid)) this.configMaps.delete(key)
    }
    for (const [key, { metadata }] of this.pods) {
      if (metadata!.labels!['batch.kubernetes.io/job-name'] !== name) continue
      this.pods.delete(key)
      this.containers.get(key)?.kill()
    }
    return job
  }
}

function attemptOf(pod: string): number {
  return Number(/try(\d+)$/.exec(pod)![1])
}

function statusWith(state: object) {
  return { name: 'flights', image: '', imageID: '', ready: false, restartCount: 0, state }
}

function statusOf(code: number, message: string): object {
  return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', message, code }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' })
  response.end(isText ? body : JSON.stringify(body))
}

// A node without machines: binds pods to itself, runs their real command or what a script says instead, and serves their logs.
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiException, CoreV1Api, type KubeConfig, type V1ContainerState, type V1Pod } from '@kubernetes/client-node'
import { Container, type Fate, indexOf, type Script } from './container.js'

const nodeName = 'puppet'

interface Running {
  readonly container: Container | undefined
  log: string
}

export class PuppetKubelet {
  script: Script = () => ({})
  private readonly core: CoreV1Api
  private readonly pods = new Map<string, Running>()
  private readonly attempts = new Map<string, number>()
  private readonly server: Server
  private isOver = false
  private working: Promise<void> = Promise.resolve()

  constructor(
    config: KubeConfig,
    private readonly namespace: string,
    certificate: { readonly key: Buffer; readonly cert: Buffer },
  ) {
    this.core = config.makeApiClient(CoreV1Api)
    // `/containerLogs/NAMESPACE/POD/CONTAINER`, as the API server asks kubelets.
    this.server = createServer(certificate, (request, response) => {
      const url = new URL(request.url!, 'https://kubelet')
      const [, , , pod] = url.pathname.split('/')
      const log = this.pods.get(pod!)?.log
      const tail = Number(url.searchParams.get('tailLines') ?? Number.POSITIVE_INFINITY)
      response.writeHead(log === undefined ? 404 : 200)
      response.end(log?.trimEnd().split('\n').slice(-tail).join('\n'))
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const { port } = this.server.address() as AddressInfo
    const body = { metadata: { name: nodeName } }
    const node = await this.core.createNode({ body })
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    }
    await this.core.replaceNodeStatus({ name: nodeName, body: { ...node, status } })
    this.working = this.work()
  }

  async stop(): Promise<void> {
    this.isOver = true
    await this.working
    for (const { container } of this.pods.values()) container?.kill()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async work(): Promise<void> {
    while (!this.isOver) {
      const { items } = await this.core.listNamespacedPod({ namespace: this.namespace })
      for (const pod of items) await this.see(pod).catch(ignoreGone)
      await sleep(100)
    }
  }

  private async see(pod: V1Pod): Promise<void> {
    const { namespace } = this
    const name = pod.metadata!.name!
    const known = this.pods.get(name)
    if (pod.metadata!.deletionTimestamp !== undefined) {
      known?.container?.kill()
      await known?.container?.ended
      await this.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 })
    } else if (known === undefined) {
      this.pods.set(name, { container: undefined, log: '' })
      const key = `${pod.metadata!.labels!['batch.kubernetes.io/job-name']}/${indexOf(pod)}`
      const attempt = (this.attempts.get(key) ?? 0) + 1
      this.attempts.set(key, attempt)
      void this.play(pod, this.script(Number(indexOf(pod)), attempt)).catch(ignoreGone)
    }
  }

  private async play(pod: V1Pod, fate: Fate): Promise<void> {
    const { namespace } = this
    const name = pod.metadata!.name!
    if (fate.unschedulable !== undefined) {
      const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: fate.unschedulable }
      await this.status(name, 'Pending', undefined, [condition])
      return
    }
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeName }
    await this.core.createNamespacedPodBinding({ namespace, name, body: { metadata: { name }, target } })
    if (fate.waits) {
      await this.status(name, 'Pending', { waiting: fate.waits })
      return
    }
    const configMap = await this.configMapOf(pod)
    await this.status(name, 'Running', { running: {} })
    if (fate.hangs) return
    const ran = fate.ends ? { exitCode: fate.ends.exitCode, log: fate.ends.log ?? '' } : await this.run(pod, configMap)
    this.pods.get(name)!.log = fate.log?.(ran.log) ?? ran.log
    const reason = fate.ends?.reason ?? (ran.exitCode === 0 ? 'Completed' : 'Error')
    const state = { terminated: { exitCode: ran.exitCode, reason } }
    await this.status(name, ran.exitCode === 0 ? 'Succeeded' : 'Failed', state)
  }

  private async run(pod: V1Pod, configMap: Awaited<ReturnType<PuppetKubelet['configMapOf']>>) {
    const container = new Container(pod, configMap)
    this.pods.set(pod.metadata!.name!, { container, log: '' })
    return container.ended
  }

  /** Kubelets try until what is mounted is there. */
  private async configMapOf(pod: V1Pod) {
    const { namespace } = this
    const { name } = pod.spec!.volumes!.find(({ configMap }) => configMap)!.configMap!
    for (;;) {
      try {
        return await this.core.readNamespacedConfigMap({ namespace, name: name! })
      } catch (error) {
        if (!(error instanceof ApiException && error.code === 404)) throw error
        await sleep(100)
      }
    }
  }

  private async status(
    name: string,
    phase: string,
    state?: V1ContainerState,
    conditions?: NonNullable<V1Pod['status']>['conditions'],
  ): Promise<void> {
    const { namespace } = this
    const pod = await this.core.readNamespacedPod({ namespace, name })
    const { image, name: container } = pod.spec!.containers[0]!
    const told = { name: container, image: image!, imageID: '', ready: false, restartCount: 0 }
    const status = {
      ...pod.status,
      phase,
      ...(state ? { containerStatuses: [{ ...told, state }] } : {}),
      ...(conditions ? { conditions } : {}),
    }
    await this.core.replaceNamespacedPodStatus({ namespace, name, body: { ...pod, status } })
  }
}

/** Somebody has deleted it meanwhile, or the server has been stopped. */
function ignoreGone(error: unknown): void {
  if (error instanceof ApiException && ![404, 409].includes(error.code)) throw error
}

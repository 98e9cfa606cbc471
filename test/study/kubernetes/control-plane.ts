// A real API server with the real controllers, on loopback and without nodes: COALMINE_CONTROL_PLANE names the folder with the
// programs kube-apiserver and kube-controller-manager; etcd is there, too, or on the PATH.
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env, stdout } from 'node:process'
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { eventually } from '../../cli/served.js'

const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const

/** Where they are; undefined, and said, where one is missing. */
export function findControlPlane(what: string): Readonly<Record<string, string>> | undefined {
  const folders = [env['COALMINE_CONTROL_PLANE'] ?? '', ...(env['PATH'] ?? '').split(delimiter)].filter(
    (each) => each !== '',
  )
  const found = programs.map((name) => [name, folders.map((folder) => join(folder, name)).find(existsSync)] as const)
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name)
  if (missing.length > 0) {
    stdout.write(`Skipped: ${what} (no ${missing.join(', ')} on the PATH or in the folder COALMINE_CONTROL_PLANE)\n`)
    return undefined
  }
  return Object.fromEntries(found) as Record<string, string>
}

/** As whom somebody may ask. */
export type User = 'admin' | 'ci' | 'nobody'

export class ControlPlane {
  readonly folder = mkdtempSync(join(tmpdir(), 'coalmine-control-plane-'))
  private readonly running: ChildProcess[] = []
  private port = 0

  constructor(private readonly programs: Readonly<Record<string, string>>) {}

  async start(): Promise<void> {
    const [client, peer, api, manager] = await freePorts(4)
    this.port = api!
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.write('sa.key', privateKey.export({ type: 'pkcs1', format: 'pem' }) as string)
    this.write('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }) as string)
    this.write('tokens.csv', 'admin,admin,1,system:masters\nci,ci,2\nnobody,nobody,3\n')
    for (const user of ['admin', 'ci', 'nobody'] as const) this.write(`${user}.kubeconfig`, this.kubeconfigOf(user))
    this.run('etcd', [
      '--data-dir=etcd',
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
    ])
    this.run('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${client}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--secure-port=${api}`,
      '--cert-dir=certificates',
      '--token-auth-file=tokens.csv',
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-account-key-file=sa.pub',
      '--service-account-signing-key-file=sa.key',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--kubelet-preferred-address-types=InternalIP',
    ])
    await eventually(() => this.isReady())
    // Whatever watches over nodes would take the pods of a node that nobody feeds.
    this.run('kube-controller-manager', [
      '--kubeconfig=admin.kubeconfig',
      '--authentication-kubeconfig=admin.kubeconfig',
      '--authorization-kubeconfig=admin.kubeconfig',
      '--bind-address=127.0.0.1',
      `--secure-port=${manager}`,
      '--leader-elect=false',
      '--controllers=*,-node-lifecycle-controller,-taint-eviction-controller,-pod-garbage-collector-controller',
    ])
  }

  async stop(): Promise<void> {
    for (const child of this.running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  kubeconfig(user: User): string {
    return join(this.folder, `${user}.kubeconfig`)
  }

  configOf(user: User): KubeConfig {
    const config = new KubeConfig()
    config.loadFromFile(this.kubeconfig(user))
    return config
  }

  /** Its own, for whoever plays a kubelet to which it connects by TLS: it doesn't ask who that is. */
  get certificate(): { readonly key: Buffer; readonly cert: Buffer } {
    const read = (name: string) => readFileSync(join(this.folder, 'certificates', name))
    return { key: read('apiserver.key'), cert: read('apiserver.crt') }
  }

  private kubeconfigOf(user: User): string {
    const cluster = { server: `https://127.0.0.1:${this.port}`, 'insecure-skip-tls-verify': true }
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster }],
      users: [{ name: user, user: { token: user } }],
      contexts: [{ name: 'here', context: { cluster: 'here', user, namespace: 'flights' } }],
      'current-context': 'here',
    })
  }

  private async isReady(): Promise<true | undefined> {
    const core = this.configOf('admin').makeApiClient(CoreV1Api)
    return core.readNamespace({ name: 'default' }).then(
      () => true,
      () => undefined,
    )
  }

  private run(name: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${name}.log`), 'w')
    this.running.push(spawn(this.programs[name]!, args, { cwd: this.folder, stdio: ['ignore', log, log] }))
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

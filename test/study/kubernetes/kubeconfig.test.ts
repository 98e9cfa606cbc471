// Which cluster is meant: what kubectl would take, but never without being told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problems } from '../../../src/scenario/problem.js'
import { type Asked, chooseAccess } from '../../../src/study/kubernetes/kubeconfig.js'

const home = mkdtempSync(join(tmpdir(), 'coalmine-kubeconfig-'))
const [one, two, broken, none] = ['one', 'two', 'broken', 'none'].map((name) => join(home, name)) as [
  string,
  string,
  string,
  string,
]

beforeAll(() => {
  write(one, ['dev', 'prod'], 'dev')
  write(two, ['prod', 'team'], 'team')
  mkdirSync(join(home, '.kube'))
  write(join(home, '.kube', 'config'), ['at-home'], 'at-home')
  writeFileSync(broken, 'clusters: [{name: x}')
})
afterAll(() => rmSync(home, { recursive: true }))

/** Each context has a cluster that tells the file. */
function write(path: string, names: readonly string[], current: string): void {
  const config = {
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.${path.split('/').at(-1)}.example` } })),
    users: [{ name: 'me', user: { token: 'secret' } }],
    contexts: [
      ...names.map((name) => ({ name, context: { cluster: name, user: 'me', namespace: `ns-${name}` } })),
      { name: 'plain', context: { cluster: names[0], user: 'me' } },
      { name: 'lost', context: { cluster: 'nowhere', user: 'nobody' } },
    ],
    'current-context': current,
  }
  writeFileSync(path, JSON.stringify(config))
}

function choose(asked: Asked, environment: NodeJS.ProcessEnv = {}) {
  const problems = new Problems()
  const access = chooseAccess(asked, { HOME: home, ...environment }, problems)
  const told = problems.sorted().map(({ message, hint = '' }) => `${message} | ${hint}`)
  const server = access?.config.getCurrentCluster()?.server
  return { server, context: access?.context, namespace: access?.namespace, told }
}

describe('The context', () => {
  it('comes from --kubeconfig, or else from KUBECONFIG, or else from the home folder', () => {
    expect(choose({ kubeconfig: two, context: 'prod' }, { KUBECONFIG: one }).server).toBe('https://prod.two.example')
    expect(choose({ context: 'prod' }, { KUBECONFIG: one }).server).toBe('https://prod.one.example')
    expect(choose({ context: 'at-home' }).server).toBe('https://at-home.config.example')
  })

  it('comes from the first of several files that has it, and those that are not there are passed over', () => {
    const environment = { KUBECONFIG: [none, one, two].join(delimiter) }
    expect(choose({ context: 'prod' }, environment).server).toBe('https://prod.one.example')
    expect(choose({ context: 'team' }, environment).server).toBe('https://team.two.example')
    expect(choose({ context: { isCurrent: true } }, environment).context).toBe('dev')
  })

  it('says the namespace, unless somebody says another; without one it is `default`', () => {
    expect(choose({ kubeconfig: one, context: 'dev' }).namespace).toBe('ns-dev')
    expect(choose({ kubeconfig: one, context: 'dev', namespace: 'ci' }).namespace).toBe('ci')
    expect(choose({ kubeconfig: one, context: 'plain' }).namespace).toBe('default')
  })

  it('is never taken without being named', () => {
    expect(choose({ kubeconfig: one, context: undefined }).told).toEqual([
      'no context is named, and none is taken without a word | Say --context NAME, or --current-context. ' +
        'There are `dev` (current), `lost`, `plain`, `prod`.',
    ])
  })

  it.each([
    [
      'unknown',
      { kubeconfig: one, context: 'dve' },
      'there is no context `dve` | Did you mean `dev`? There are `dev` (current)',
    ],
    ['without its cluster', { kubeconfig: one, context: 'lost' }, 'the context `lost` names the cluster `nowhere`'],
    ['in a file that is not there', { kubeconfig: none, context: 'dev' }, `there is no file \`${none}\``],
    ['in a file that is none', { kubeconfig: broken, context: 'dev' }, 'this cannot be read as a kubeconfig: '],
  ])('is refused if it is %s', (_, asked, message) => {
    const { context, told } = choose(asked)
    expect(told[0]).toContain(message)
    expect(context).toBeUndefined()
  })

  it('is in no kubeconfig, and in no pod', () => {
    const [told] = choose({ context: 'dev' }, { HOME: join(home, 'nobody') }).told
    expect(told).toContain('there is no kubeconfig: KUBECONFIG names none, and there is none in the home folder')
  })

  it('is that of the pod in which it runs, if there is no kubeconfig', () => {
    const environment = {
      HOME: join(home, 'nobody'),
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      KUBERNETES_SERVICE_PORT: '443',
    }
    expect(choose({ context: undefined }, environment).told[0]).toContain('There is `inClusterContext` (current).')
    expect(choose({ context: { isCurrent: true } }, environment).context).toBe('inClusterContext')
  })
})

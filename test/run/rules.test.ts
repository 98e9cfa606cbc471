// Rules in a flight: alerts page people, policies read what is recorded, and what is wrong is told beforehand.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'

const steps = 'steps: [{setWeight: 50}, {pause: {}}]'
const scenario = (more: string) => `
teaches: What rules do.
policy: policy.yaml
release: {at: 10m, image: "shop:2"}
duration: 1h
traffic: {rate: 100/s}
service: {stable: {start: 10s}}
${more}
`
const watched = (people: string, faults = '{on: canary, errors: 10%}') =>
  scenario(`faults: [${faults}]\npeople: [${people}]\nobservability: {rules: [rules.yaml]}`)
const ratio = 'sum(rate(istio_requests_total{response_code=~"5.."}[1m])) / sum(rate(istio_requests_total[1m]))'
const rules = (more = '') => `
groups:
  - name: shop
    interval: 30s
    rules:
      - {record: "shop:errors:ratio", expr: '${ratio}'}
      - alert: HighErrorRate
        expr: shop:errors:ratio > 0.02
        for: 1m
        labels: {severity: page}
        ${more}
`
const fly = (people: string, faults?: string, more?: string) =>
  flyRecorded(planOf(watched(people, faults), rollout(4, steps), rules(more)), 1)

/** What happened, and when in seconds since the release. */
const story = ({ timeline }: ReturnType<typeof fly>) =>
  timeline.flatMap((entry) => {
    const seconds = Math.round((entry.atMs - 600_000) / 1000)
    if (entry.what === 'alert') return [{ seconds, what: `${entry.alert} ${entry.change}` }]
    return entry.what === 'person' ? [{ seconds, what: entry.does }] : []
  })
const words = (record: ReturnType<typeof fly>) => story(record).map(({ what }) => what)

describe('An alert', () => {
  it('is pending for as long as the rule says, then fires', () => {
    const record = fly('')
    const [pending, firing] = story(record)
    expect(words(record)).toEqual(['HighErrorRate pending', 'HighErrorRate firing'])
    expect(firing!.seconds - pending!.seconds).toBe(60)
  })

  it('pages a person, who acts after their response time', () => {
    const record = fly('{alert: HighErrorRate, after: 5m, do: abort}')
    const [, firing, abort, resolved] = story(record)
    expect(words(record)).toEqual(['HighErrorRate pending', 'HighErrorRate firing', 'abort', 'HighErrorRate resolved'])
    expect(abort!.seconds - firing!.seconds).toBe(300)
    expect(resolved!.seconds - abort!.seconds).toBeGreaterThan(10)
    expect(record).toMatchObject({ verdict: 'aborted', falseAbort: false })
    expect(record.times.decidedMs).toBe(600_000 + 1000 * abort!.seconds + (record.times.decidedMs! % 1000))
  })

  it('that has resolved by then needs nobody', () => {
    const record = fly('{alert: HighErrorRate, after: 10m, do: abort}', '{on: canary, errors: 10%, for: 5m}')
    expect(words(record)).toEqual(['HighErrorRate pending', 'HighErrorRate firing', 'HighErrorRate resolved'])
    expect(record.verdict).toBe('paused')
  })

  it('that was pending only is gone', () => {
    const record = fly('{alert: HighErrorRate, do: abort}', '{on: canary, onset: 2m, errors: 10%, for: 50s}')
    expect(words(record)).toEqual(['HighErrorRate pending', 'HighErrorRate gone'])
  })

  it('keeps firing for as long as the rule says', () => {
    const short = story(fly('', '{on: canary, errors: 10%, for: 5m}'))
    const long = story(fly('', '{on: canary, errors: 10%, for: 5m}', 'keep_firing_for: 10m'))
    expect(long.at(-1)!.seconds - short.at(-1)!.seconds).toBe(600)
  })

  it('pages those alone who want its labels', () => {
    const both =
      '{alert: HighErrorRate, labels: {severity: page}, do: abort}, {alert: HighErrorRate, labels: {a: b}, do: undo}'
    expect(words(fly(both)).slice(2, 3)).toEqual(['abort'])
    expect(words(fly(both))).not.toContain('undo')
  })

  it('pages again each time that it fires', () => {
    const faults = '{on: canary, errors: 10%, for: 6m}, {on: canary, onset: 20m, errors: 10%, for: 6m}'
    const deeds = words(fly('{alert: HighErrorRate, after: 1m, do: pause}', faults))
    expect(deeds.filter((what) => what === 'pause')).toHaveLength(2)
  })

  it('that fired before the release is nothing new', () => {
    const record = fly('{alert: HighErrorRate, do: abort}', '{on: stable, errors: 10%}', 'annotations: {a: b}')
    const before = planOf(
      watched('{alert: HighErrorRate, do: abort}').replace('errors: 10%', 'errors: 0.1%'),
      rollout(4, steps),
      rules().replace('> 0.02', '>= 0'),
    )
    expect(words(record)).toContain('abort')
    const { timeline, times } = flyRecorded(before, 1)
    const told = timeline.filter(({ what }) => what === 'alert' || what === 'person')
    const standing = { what: 'alert', alert: 'HighErrorRate', change: 'standing', labels: { severity: 'page' } }
    expect(told).toMatchObject([{ ...standing, atMs: times.releasedMs }])
  })
})

describe('A rule that fails', () => {
  const many = 'istio_requests_total * on() up'
  const failing = (expr: string) => {
    const { timeline } = flyRecorded(planOf(watched(''), rollout(4, steps), rules().replace(ratio, expr)), 1)
    return timeline.filter(({ what }) => what === 'rule')
  }

  it('is told once, at the release if it fails by then', () => {
    expect(failing(many)).toEqual([
      {
        atMs: 600_000,
        what: 'rule',
        rule: 'shop:errors:ratio',
        group: 'shop',
        error: expect.stringContaining('match'),
      },
    ])
  })

  it('is told when it first does', () => {
    const [first, ...others] = failing(many.replace('up', '(up and on() minute() >= 20)'))
    expect(others).toEqual([])
    expect(Math.floor(first!.atMs / 60_000)).toBe(20)
  })
})

describe('What rules record', () => {
  const analysis = 'analysis: {templates: [{templateName: ratio}], startingStep: 1}'
  const policy = (query: string) =>
    `${rollout(4, `${analysis}, ${steps}`)}${template('ratio', 'interval: 1m\n      failureCondition: result[0] > 0.02\n      failureLimit: 0', query)}`

  it('a policy reads', () => {
    const plan = planOf(watched(''), policy('shop:errors:ratio'), rules())
    expect(flyRecorded(plan, 1).verdict).toBe('aborted')
  })

  it('of alerts a policy can read, too', () => {
    const plan = planOf(watched(''), policy('count(ALERTS{alertname="HighErrorRate",alertstate="firing"})'), rules())
    expect(flyRecorded(plan, 1).verdict).toBe('aborted')
  })

  it('is evaluated only if something reads it, and told if nothing does', () => {
    const unread = `${rules()}      - {record: "shop:latency", expr: "sum(rate(istio_request_duration_milliseconds_sum[5m]))"}\n`
    const { plan, problems } = tryPlan(watched(''), rollout(4, steps), unread)
    expect(problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(['rule-unread 12:18'])
    expect(plan!.observation.rules.flatMap((group) => group.rules.map(({ name }) => name))).toEqual([
      'shop:errors:ratio',
      'HighErrorRate',
    ])
  })
})

describe('What templates ask', () => {
  const plan = (summary: string) =>
    tryPlan(watched(''), rollout(4, steps), rules(`annotations: {summary: ${JSON.stringify(summary)}}`))
  const latency = 'sum(rate(istio_request_duration_milliseconds_count[1m]))'

  it.each([
    `{{ with query "${latency}" }}{{ . | first | value }}{{ end }}`,
    `{{ query \`${latency}\` | first | value }}`,
    `{{ "${latency}" | query | first | value }}`,
  ])('is there to be read: %s', (summary) => {
    const { families } = plan(summary).plan!.observation.exposure
    expect(families.map(({ name }) => name)).toContain('istio_request_duration_milliseconds')
    expect(plan(summary).problems).toEqual([])
  })

  it('with a query that is put together only then is told', () => {
    const { problems } = plan('{{ query (printf "up{a=%q}" $labels.a) | first | value }}')
    expect(problems.map(({ code }) => code)).toEqual(['rules-template-query'])
  })
})

describe('A flight', () => {
  it('without rules has nothing to evaluate', () => {
    expect(new Simulation(planOf(scenario(''), rollout(4, steps))).observatory.ruler).toBe(undefined)
  })

  it('has its groups evaluated when chance says, each seed at its own time', () => {
    const plan = planOf(watched(''), rollout(4, steps), rules())
    const fired = [1, 2, 3, 4, 5, 1].map(
      (seed) => flyRecorded(plan, seed).timeline.find(({ what }) => what === 'alert')!.atMs,
    )
    expect(new Set(fired.map((atMs) => atMs % 30_000)).size).toBe(5)
    expect(fired[5]).toBe(fired[0])
  })

  it('takes the rules of PrometheusRules among the manifests', () => {
    const spec = rules().replace('groups:', 'spec:\n groups:').replaceAll('\n ', '\n  ')
    const object = `---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: shop}\n${spec}`
    const alone = watched('{alert: HighErrorRate, do: abort}').replace('observability: {rules: [rules.yaml]}', '')
    expect(flyRecorded(planOf(alone, rollout(4, steps) + object), 1).verdict).toBe('aborted')
  })
})

describe('Told beforehand is', () => {
  const told = (people: string, text = rules(), policy = rollout(4, steps)) =>
    tryPlan(watched(people), policy, text).problems.map(({ message, hint = '' }) => `${message} | ${hint}`)

  it('an alert that no rule has', () => {
    expect(told('{alert: HighErorRate, do: abort}')).toEqual([
      'no rule has the alert HighErorRate | Did you mean HighErrorRate?',
    ])
    expect(told('{alert: Latency, do: abort}')).toEqual(['no rule has the alert Latency | There are: HighErrorRate.'])
    expect(told('{alert: Latency, do: abort}', '')).toContain(
      'no rule has the alert Latency | Name the file of the rule in `observability.rules`.',
    )
  })

  it('a manifest where a rule file is named', () => {
    const object = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: shop}\nspec: {groups: []}\n`
    expect(told('', object)[0]).toMatch(/^this is a manifest, not a rule file/)
  })

  it('of a rule file that is broken only what is broken', () => {
    expect(told('{alert: HighErrorRate, do: abort}', rules().replace('> 0.02', '> > 0.02'))).toEqual([
      'could not parse expression: unexpected <op:>> | ',
    ])
  })

  it('a label that no such alert can have', () => {
    expect(told('{alert: HighErrorRate, labels: {severity: ticket}, do: abort}')).toEqual([
      'no alert HighErrorRate has the label severity with the value "ticket" | It is "page".',
    ])
  })

  it('a rule that selects nothing', () => {
    const [first] = told('', rules().replaceAll('istio_requests_total', 'istio_request_total'))
    expect(first).toBe(
      'nothing exposes istio_request_total in the istio, app, kube-state and cadvisor dialects | Did you mean istio_requests_total?',
    )
  })

  it('windows that are longer than what comes before the release', () => {
    expect(told('', rules().replaceAll('[1m]', '[30m]'))).toEqual([
      'shop:errors:ratio looks back 30m, and the release comes after 10m | Until so much is there its windows are as long as what is: let release.at come later.',
    ])
  })

  it('a group that is evaluated too often', () => {
    expect(told('', rules().replace('30s', '1ms'))).toEqual([
      'group shop is evaluated every 1ms: the limit is 1000000 evaluations in a flight | Evaluate it less often, or end sooner.',
    ])
  })

  it('what is wrong in a PrometheusRule, where it stands', () => {
    const object = `---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: shop}
spec:
  groups:
    - name: a
      partial_response_strategy: warn
      rules:
        - {alert: A, exprr: up, expr: "sum(rat(up[5m]))"}
`
    const problems = tryPlan(scenario(''), rollout(4, steps) + object).problems
    const lines = (rollout(4, steps) + object).split('\n')
    expect(
      problems.map(({ line, column, message }) => `${lines[line - 1]!.slice(column - 1, column + 4)}: ${message}`),
    ).toEqual([
      'exprr: unknown field spec.groups[0].rules[0].exprr: the API server drops it',
      'rat(u: could not parse expression: unknown function with name "rat"',
    ])
  })
})

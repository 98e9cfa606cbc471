// Metrics that Prometheus doesn't answer: what a scenario says of them, and what comes of it in a flight.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../../src/run/fly.js'
import { Simulation } from '../../../src/run/simulation.js'
import { planOf, template as prometheusTemplate, rollout, tryPlan } from '../plans.js'

const scenario = (signals: string, more = '') => `
teaches: Nothing.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 15m
traffic: {rate: 200/s}
service: {stable: {errors: 1%, start: 10s}}
observability: {scrape: {interval: 5s}, signals: [${signals}]}
${more}
`

const template = (provider: string, more = '', name = 'health', args = '') => `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  args: [${args}]
  metrics:
    - {name: ${name}, ${more}provider: ${provider}}
`

const step = 'steps: [{setWeight: 50}, {pause: {duration: 3m}}, {analysis: {templates: [{templateName: check}]}}]'
const policyOf = (...metric: Parameters<typeof template>) => rollout(4, step) + template(...metric)
const datadog = '{datadog: {query: "avg:errors{*}"}}'
const broken = 'faults: [{on: canary, errors: 20%}]'

const seeds = [1, 2, 3, 4, 5]

/** The measurements of each seed's flight. */
function measured(text: string, policy: string) {
  const plan = planOf(text, policy)
  return seeds.map((seed) =>
    flyRecorded(plan, seed).timeline.flatMap((entry) => (entry.what === 'measurement' ? [entry] : [])),
  )
}

const values = (text: string, policy: string) => measured(text, policy).map((all) => Number(all[0]!.value))

describe('A signal that reads the world', () => {
  const read = (what: string, faults = broken) =>
    values(scenario(`{metric: health, ${what}}`, faults), policyOf(datadog, 'successCondition: result > -1, '))

  it.each([
    ['reads: errorRatio, of: canary, over: 2m', 0.208],
    ['reads: errorRatio, of: stable, over: 2m', 0.01],
    ['reads: errorRatio, over: 2m', 0.109],
    ['reads: errorRatio, of: canary, over: 2m, unit: percent', 20.8],
    ['reads: successRatio, of: canary, over: 2m', 0.792],
    ['reads: rate, of: canary, over: 2m', 100],
    ['reads: rate, over: 2m', 200],
    ['reads: rate, over: 2m, unit: /m', 12_000],
    ['reads: latency, of: stable, quantile: 50%, unit: ms', 40],
    ['reads: latency, of: stable, quantile: 99%', 0.2],
  ])('%s is %d', (what, expected) => {
    for (const value of read(what)) expect(Math.abs(value / expected - 1)).toBeLessThan(0.15)
  })

  it('counts exactly the requests of its window', () => {
    // A second before the window the rate was another one.
    const text = scenario('{metric: health, reads: rate, over: 60s}').replace(
      'rate: 200/s',
      'rate: [{at: 0s, rate: 9k/s}, {at: 7m10s, rate: 200/s}]',
    )
    for (const value of values(text, policyOf(datadog))) expect(Math.abs(value - 200)).toBeLessThan(10)
  })

  it('knows of what happened before its delay only', () => {
    const late = scenario('{metric: health, reads: errorRatio, of: canary, over: 30s, delay: 5m}', broken)
    for (const [first] of measured(late, policyOf(datadog, 'successCondition: "default(result, 7) == 7", '))) {
      expect(first).toMatchObject({ phase: 'Successful', value: '[]' })
    }
  })

  it('changes once in its resolution', () => {
    const background =
      'analysis: {templates: [{templateName: check}]}, steps: [{setWeight: 50}, {pause: {duration: 6m}}]'
    const policy = rollout(4, background) + template(datadog, 'interval: 20s, ')
    const text = scenario('{metric: health, reads: rate, over: 1m, resolution: 1m}')
    for (const all of measured(text, policy)) {
      const changes = all.filter(({ value }, index) => index > 0 && value !== all[index - 1]!.value).length
      expect(all.length).toBeGreaterThan(15)
      expect(changes).toBeLessThanOrEqual(all.length / 3 + 1)
    }
  })

  it('stops a bad release, and lets a good one through, whatever the seed', () => {
    const policy = policyOf(datadog, 'successCondition: "result < 0.05", ')
    const signals = '{metric: health, reads: errorRatio, of: canary, over: 2m}'
    const verdicts = (more: string) => {
      const simulation = new Simulation(planOf(scenario(signals, more), policy))
      return new Set(Array.from({ length: 30 }, (_, seed) => simulation.fly(seed).verdict))
    }
    expect([...verdicts(broken)]).toEqual(['aborted'])
    expect([...verdicts('')]).toEqual(['promoted'])
  })

  it('is the same in the same flight, also in one that was flown before', () => {
    const plan = planOf(scenario('{metric: health, reads: latency, of: canary}', broken), policyOf(datadog))
    const simulation = new Simulation(plan)
    const flown = [1, 2, 1].map((seed) => JSON.stringify(simulation.fly(seed)))
    expect(flown[2]).toBe(flown[0])
    expect(flyRecorded(plan, 1)).toEqual(flyRecorded(plan, 1))
  })

  it('agrees with a Prometheus metric that asks for the same', () => {
    const query =
      'sum(increase(istio_requests_total{reporter="source",response_code=~"5.*"}[2m])) / sum(increase(istio_requests_total{reporter="source"}[2m]))'
    const both = `steps: [{setWeight: 50}, {pause: {duration: 3m}}, {analysis: {templates: [{templateName: check}, {templateName: other}]}}]`
    const policy = rollout(4, both) + template(datadog) + prometheusTemplate('other', '', query)
    for (const all of measured(scenario('{metric: health, reads: errorRatio, over: 2m}', broken), policy)) {
      const [ours, theirs] = ['health', 'other'].map((name) => all.find(({ metric }) => metric === name)!.value!)
      expect(Number(theirs!.slice(1, -1)) / Number(ours)).toBeCloseTo(1, 1)
    }
  })
})

describe('A scripted signal', () => {
  it('says what it says from a time since the release on, and before that nothing', () => {
    const background =
      'analysis: {templates: [{templateName: check}]}, steps: [{setWeight: 50}, {pause: {duration: 3m}}]'
    const policy = rollout(4, background) + template(datadog, 'interval: 1m, failureLimit: 9, ')
    const points = '{at: 1m, value: 0.5}, {at: 2m, value: nil}, {at: 150s, error: out of quota}'
    const [all] = measured(scenario(`{provider: datadog, values: [${points}]}`), policy)
    expect(all!.slice(0, 4).map(({ value, message }) => value ?? message)).toEqual([
      '[]',
      '0.5',
      '[{"pointlist":[]}]',
      'out of quota',
    ])
  })

  it.each([
    ['{web: {url: "http://x", jsonPath: "{$.data.errors}"}}', 'value: 0.25', 'result == 0.25'],
    ['{web: {url: "http://x", jsonPath: "{.list[1].n}"}}', 'value: 3', 'result == 3'],
    ['{web: {url: "http://x"}}', 'value: 3', 'result == 3'],
    ['{web: {url: "http://x"}}', 'json: {ok: true, n: [1, 2]}', 'result.ok && result.n[1] == 2'],
    ['{web: {url: "http://x", jsonPath: "{$.a}"}}', 'value: nil', 'isNil(result)'],
    [
      '{newRelic: {query: "SELECT percentage(count(*), WHERE error) AS errors FROM Transaction"}}',
      'value: 2',
      'result.errors == 2',
    ],
    ['{newRelic: {query: q}}', 'json: [{a: 1}, {a: 2}]', 'result[1].a == 2'],
    ['{skywalking: {query: q, interval: 3m}}', 'json: {x: {value: 2}}', 'result.x.value == 2'],
    ['{cloudWatch: {metricDataQueries: [{id: a, expression: x}]}}', 'value: [2, 1]', 'result[0].Values[0] == 2'],
    ['{graphite: {address: "http://g", query: q}}', 'value: [2, 1]', 'result[1] == 1'],
    ['{influxdb: {query: q}}', 'value: [2, 1]', 'result[0] == 2'],
    ['{wavefront: {query: q}}', 'value: 2', 'result == 2'],
    ['{plugin: {my/plugin: {query: q}}}', 'value: 2', 'result == 2'],
  ])('gives %s %s', (provider, says, condition) => {
    const policy = policyOf(provider, `successCondition: "${condition}", `)
    const [all] = measured(scenario(`{metric: health, values: [{at: 0s, ${says}}]}`), policy)
    expect(all![0]).toMatchObject({ phase: 'Successful', message: '' })
  })

  it('can make a web server refuse, or nobody answer', () => {
    const policy = policyOf('{web: {url: "http://x"}}')
    const said = (point: string) =>
      measured(scenario(`{metric: health, values: [{at: 0s, ${point}}]}`), policy)[0]![0]!.message
    expect(said('status: 503')).toBe('received non 2xx response code: 503')
    expect(said('error: connection refused')).toBe('Get "http://x": connection refused')
  })

  it('gives Kayenta a score, which its thresholds judge', () => {
    const account =
      'address: a, application: a, metricsAccountName: a, configurationAccountName: a, storageAccountName: a'
    const kayenta = `{kayenta: {${account}, canaryConfigName: c, threshold: {pass: 90, marginal: 75}, scopes: []}}`
    const phaseOf = (score: number) =>
      measured(scenario(`{provider: kayenta, values: [{at: 0s, value: ${score}}]}`), policyOf(kayenta))[0]!.map(
        ({ phase, value }) => `${phase} ${value}`,
      )
    expect(phaseOf(95.5)).toEqual(['Successful 95'])
    expect(phaseOf(80)).toEqual(['Inconclusive 80'])
    expect(phaseOf(20)).toEqual(['Failed 20'])
  })

  it('leaves Kayenta alone when the run is stopped: it ends well', () => {
    const account =
      'address: a, application: a, metricsAccountName: a, configurationAccountName: a, storageAccountName: a'
    const kayenta = `{kayenta: {${account}, canaryConfigName: c, threshold: {pass: 90, marginal: 75}, scopes: []}}`
    const signal = '{provider: kayenta, values: [{at: 0s, value: 20}]}'
    const steps = 'steps: [{setWeight: 50}, {analysis: {templates: [{templateName: check}]}}]'
    const abort = 'people: [{when: progressing, after: 12s, do: abort}]'
    const plan = planOf(scenario(signal, abort), rollout(4, steps) + template(kayenta))
    const runs = flyRecorded(plan, 1).timeline.filter((entry) => entry.what === 'analysis')
    expect(runs.at(-1)).toMatchObject({ phase: 'Successful', message: 'Run Terminated' })
  })
})

describe('A shape', () => {
  it('says where the value goes', () => {
    const policy = policyOf('{web: {url: "http://x"}}', 'successCondition: "result.ok && result.stats.errors < 0.05", ')
    const signal = '{metric: health, reads: errorRatio, of: stable, json: {ok: true, stats: {errors: $value}}}'
    for (const [first] of measured(scenario(signal), policy)) {
      expect(first).toMatchObject({
        phase: 'Successful',
        value: expect.stringMatching(/^\{"ok":true,"stats":\{"errors":0\.0\d+\}\}$/),
      })
    }
  })
})

describe('A Job', () => {
  const job = (spec = '', restartPolicy = 'Never') =>
    `{job: {spec: {${spec}template: {spec: {restartPolicy: ${restartPolicy}, containers: [{name: a, image: "smoke:1"}]}}}}}`

  /** How the first flight ends, and how many seconds after the analysis began. */
  function ended(signal: string, policy: string, more = '') {
    const record = flyRecorded(planOf(scenario(`{match: smoke, ${signal}}`, more), policy), 1)
    const runs = record.timeline.filter((entry) => entry.what === 'analysis')
    const first = runs[0]!
    const last = runs.at(-1)!
    return `${last.what === 'analysis' ? last.phase : ''} ${Math.floor((last.atMs - first.atMs) / 1000)}`
  }

  it.each([
    ['ends well when its exit code is 0', 'takes: 3s, values: [{at: 0s, value: 0}]', job(), 'Successful 5'],
    [
      'fails at once without another try',
      'takes: 3s, values: [{at: 0s, value: 1}]',
      job('backoffLimit: 0, '),
      'Failed 5',
    ],
    // 3 s, 10 s, 3 s, 20 s, 3 s, and the look after that.
    [
      'waits ever longer between its tries',
      'takes: 3s, values: [{at: 0s, value: 1}]',
      job('backoffLimit: 2, '),
      'Failed 44',
    ],
    [
      'is cut off by its deadline',
      'takes: 1h, values: [{at: 0s, value: 0}]',
      job('activeDeadlineSeconds: 20, '),
      'Failed 23',
    ],
    [
      'is an Error if it was deleted before anybody looked, five times',
      'takes: 2s, values: [{at: 0s, value: 0}]',
      job('ttlSecondsAfterFinished: 0, '),
      'Error 59',
    ],
  ])('%s', (_, signal, provider, end) => {
    expect(ended(signal, policyOf(provider))).toBe(end)
  })

  it('looks at the world when it ends', () => {
    const signal = 'takes: 30s, reads: errorRatio, of: canary, over: 1m, failsAbove: 0.05'
    expect(ended(signal, policyOf(job('backoffLimit: 0, ')), broken)).toBe('Failed 36')
    expect(ended(signal, policyOf(job('backoffLimit: 0, ')))).toBe('Successful 36')
  })

  it('before 1.10 is seen at its end', () => {
    const former = 'controller: argo-rollouts@1.9'
    expect(ended('takes: 6s, values: [{at: 0s, value: 0}]', policyOf(job()), former)).toBe('Successful 7')
    expect(ended('takes: 1h, values: [{at: 0s, value: 0}]', policyOf(job('activeDeadlineSeconds: 20, ')), former)).toBe(
      'Failed 19',
    )
  })

  it('of a run that is stopped counts as inconclusive', () => {
    const record = flyRecorded(
      planOf(
        scenario('{metric: health, takes: 1h, values: [{at: 0s, value: 0}]}', 'people: [{at: 5m, do: abort}]'),
        policyOf(job()),
      ),
      1,
    )
    expect(record.timeline).toContainEqual(
      expect.objectContaining({ what: 'measurement', phase: 'Inconclusive', message: 'Metric Terminated' }),
    )
  })
})

describe('Arguments', () => {
  it('name the other version when somebody goes back after the promotion', () => {
    const latest = 'args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]'
    const steps = `steps: [{setWeight: 50}, {analysis: {templates: [{templateName: check}], ${latest}}}]`
    const asks = '{datadog: {query: "avg:errors hash:{{args.hash}}"}}'
    const policy = rollout(4, steps) + template(asks, 'count: 2, interval: 10s, ', 'health', '{name: hash}')
    const signals = '{metric: health, reads: errorRatio, of: stable, over: 30s}'
    const [measurements] = measured(scenario(signals, 'people: [{at: 5m, do: undo}]'), policy)
    expect(measurements).toHaveLength(4)
  })

  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {key: hush}\n---\n'
  const args = '{name: key, valueFrom: {secretKeyRef: {name: token, key: key}}}'
  const web = '{web: {url: "http://x/{{args.key}}", headers: [{key: Authorization, value: "Bearer {{args.key}}"}]}}'

  it('come from Secrets, which messages do not tell', () => {
    const [all] = measured(
      scenario('{match: x/hush, values: [{at: 0s, error: no}]}'),
      secret + policyOf(web, '', 'health', args),
    )
    expect(all![0]!.message).toBe('Get "http://x/*****": no')
  })

  it('need their Secrets among the manifests', () => {
    const told = (policy: string) => tryPlan(scenario(''), policy).problems.map(({ message }) => message)
    expect(told(policyOf(web, '', 'health', args))).toContain('secrets "token" not found')
    const other = secret.replace('key: hush', 'other: hush')
    expect(told(other + policyOf(web, '', 'health', args))).toContain("key 'key' does not exist in secret 'token'")
  })

  it('of the pod template are those of the released one', () => {
    const analysis =
      '{templates: [{templateName: check}], args: [{name: image, valueFrom: {fieldRef: {fieldPath: "spec.template.spec.containers[0].image"}}}]}'
    const policy =
      rollout(4, `steps: [{analysis: ${analysis}}]`) +
      template('{web: {url: "http://x/{{args.image}}"}}', '', 'health', '{name: image}')
    const [all] = measured(scenario('{match: "shop:2", values: [{at: 0s, value: 1}]}'), policy)
    expect(all![0]).toMatchObject({ phase: 'Successful', value: '1' })
  })

  it('tell one metric from another when a template is used twice', () => {
    const analysis = (side: string) =>
      `{analysis: {templates: [{templateName: check}], args: [{name: side, value: ${side}}]}}`
    const policy =
      rollout(4, `steps: [{setWeight: 50}, {pause: {duration: 2m}}, ${analysis('old')}, ${analysis('new')}]`) +
      template('{datadog: {query: "errors{version:{{args.side}}}"}}', '', 'health', '{name: side}')
    const signals =
      '{match: "version:old", values: [{at: 0s, value: 1}]}, {metric: health, values: [{at: 0s, value: 2}]}'
    const [all] = measured(scenario(signals), policy)
    expect(all!.map(({ value }) => value)).toEqual(['1', '2'])
  })
})

describe('What is told of signals', () => {
  const told = (signals: string, policy: string) =>
    tryPlan(scenario(signals), policy).problems.map(({ severity, code, message, hint, line }) => {
      expect(line).toBeGreaterThan(0)
      return { problem: `${severity} ${code}: ${message}`, hint }
    })

  it.each([
    [datadog, 'datadog', '{metric: health, reads: errorRatio, of: canary, over: 1m}'],
    [
      '{newRelic: {query: "average(duration) as d"}}',
      'newRelic',
      '{metric: health, reads: latency, quantile: 99%, of: canary, over: 1m}',
    ],
    [
      '{job: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}',
      'job',
      '{metric: health, takes: 30s, values: [{at: 0s, value: 0}]}',
    ],
    [
      '{skywalking: {query: q, interval: 1m}}',
      'skywalking',
      '{metric: health, reads: errorRatio, of: canary, over: 1m, json: {name: $value}}',
    ],
  ])('a metric without one, with a line to write: %s', (provider, name, snippet) => {
    expect(told('', policyOf(provider))).toEqual([
      {
        problem: `error signal-missing: metric health: nothing in the scenario says what ${name} answers`,
        hint: `Write in the scenario: observability: {signals: [${snippet}]}`,
      },
    ])
    expect(told(snippet, policyOf(provider))).toEqual([])
  })

  it('one that answers for nothing', () => {
    const signal = '{metric: health, values: [{at: 0s, value: 1}]}'
    expect(told(`${signal}, {metric: other, values: [{at: 0s, value: 1}]}`, policyOf(datadog))).toEqual([
      {
        problem: 'warning signal-unused: this signal answers for no metric of the policy',
        hint: 'A signal before it may fit the same metrics. There are: health.',
      },
    ])
  })

  it('one whose metric is misspelt, and each metric without one once', () => {
    const twice = `steps: [${'{analysis: {templates: [{templateName: check}]}}, '.repeat(2)}]`
    const problems = told('{metric: healht, reads: rate}', rollout(4, twice) + template(datadog))
    expect(problems.map(({ problem }) => problem.split(':')[0])).toEqual([
      'error signal-missing',
      'warning signal-unused',
    ])
    expect(problems[1]!.hint).toBe('Did you mean health?')
  })

  it.each([
    [datadog, 'values: [{at: 0s, json: {}}]', "datadog doesn't answer in JSON"],
    [datadog, 'values: [{at: 0s, value: [1, 2]}]', 'datadog gives one number'],
    [datadog, 'values: [{at: 0s, status: 500}]', 'datadog is no web server'],
    [datadog, 'takes: 3s, values: [{at: 0s, value: 1}]', '`takes` and `failsAbove` are for Jobs'],
    ['{web: {url: x, jsonPath: "{.a[*]}"}}', 'reads: errorRatio', 'where the value goes in the answer is not clear'],
    ['{web: {url: x}}', 'values: [{at: 0s, value: nil}]', 'at such an answer the real controller dies'],
    ['{newRelic: {query: "SELECT count(*)"}}', 'reads: rate', 'where the value goes in the answer is not clear'],
    ['{web: {url: x}}', 'reads: rate, json: {a: 1}', 'its `json` has no place for the value'],
    [
      '{job: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}',
      'reads: errorRatio',
      'a Job ends well or badly',
    ],
  ])('one that cannot answer: %s, %s', (provider, what, message) => {
    const [problem] = told(`{metric: health, ${what}}`, policyOf(provider))
    expect(problem!.problem).toContain(`error signal-misfit: ${message}`)
    expect(problem!.hint).toBeDefined()
  })

  it('nothing of a template that the Rollout does not use', () => {
    const used = rollout(4, step) + prometheusTemplate('check', '', 'vector(1)')
    const unused = template(datadog).replace('name: check', 'name: unused')
    expect(told('', used + unused)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/metrics/promql/query.js'
import type { RuleGroup } from '../../../src/metrics/rules/rule.js'
import { Ruler } from '../../../src/metrics/rules/ruler.js'
import { loadSeries } from '../promql/series-notation.js'
import { ask } from './ask.js'

const place = { file: 'rules.yaml', line: 1, column: 1 }
const about = { place, expressionPlace: place }

function asking(text: string) {
  const query = compile(text)
  return { query, queries: [query] }
}

const groups: readonly RuleGroup[] = [
  {
    name: 'ratios',
    file: 'b.yaml',
    intervalMs: undefined,
    queryOffsetMs: 0,
    limit: 0,
    rules: [
      { ...about, kind: 'record', name: 'job:up:sum', ...asking('sum by (job) (up)'), labels: { of: 'jobs' } },
      { ...about, kind: 'record', name: 'broken', ...asking('up * on () up'), labels: {} },
    ],
  },
  {
    name: 'alerts',
    file: 'a.yaml',
    intervalMs: 30_000,
    queryOffsetMs: 0,
    limit: 10,
    rules: [
      {
        ...about,
        kind: 'alert',
        name: 'Down',
        ...asking('up == 0'),
        labels: { severity: 'page' },
        forMs: 60_000,
        keepFiringForMs: 90_000,
        annotations: { summary: 'It is <down>.' },
      },
      {
        ...about,
        kind: 'alert',
        name: 'Quiet',
        ...asking('up > 1'),
        labels: {},
        forMs: 0,
        keepFiringForMs: 0,
        annotations: {},
      },
    ],
  },
]

function ruled(...timesMs: readonly number[]) {
  const store = loadSeries(['up{job="a"} 1 1 0 0 0 0 0 0 1 1', 'up{job="b"} 1x9'], 30_000)
  const seriesOf = (labels: Parameters<typeof store.series>[0]) => store.series(labels)
  const ruler = new Ruler(groups, { store, seriesOf })
  for (const timeMs of timesMs) for (const group of ruler.groups) group.evaluate(timeMs, () => {})
  return (request: string) => JSON.parse(ask(request, { store, groups: ruler.groups }).body).data
}

const named = (data: { groups: { name: string; rules: { name: string }[] }[] }) =>
  data.groups.map(({ name, rules }) => `${name}: ${rules.map((rule) => rule.name).join(' ')}`)

describe('/api/v1/rules', () => {
  it('has groups by file and name, and what their rules are', () => {
    expect(ruled()('GET /api/v1/rules')).toEqual({
      groups: [
        {
          name: 'alerts',
          file: 'a.yaml',
          rules: [
            {
              state: 'unknown',
              name: 'Down',
              query: 'up == 0',
              duration: 60,
              keepFiringFor: 90,
              labels: { severity: 'page' },
              annotations: { summary: 'It is <down>.' },
              alerts: [],
              health: 'unknown',
              evaluationTime: 0,
              lastEvaluation: '0001-01-01T00:00:00Z',
              type: 'alerting',
            },
            expect.objectContaining({ name: 'Quiet', duration: 0 }),
          ],
          interval: 30,
          limit: 10,
          evaluationTime: 0,
          lastEvaluation: '0001-01-01T00:00:00Z',
        },
        {
          name: 'ratios',
          file: 'b.yaml',
          rules: [
            {
              name: 'job:up:sum',
              query: 'sum by (job) (up)',
              labels: { of: 'jobs' },
              health: 'unknown',
              evaluationTime: 0,
              lastEvaluation: '0001-01-01T00:00:00Z',
              type: 'recording',
            },
            expect.objectContaining({ name: 'broken', type: 'recording' }),
          ],
          interval: 60,
          limit: 0,
          evaluationTime: 0,
          lastEvaluation: '0001-01-01T00:00:00Z',
        },
      ],
    })
  })

  it('tells how their last evaluation went', () => {
    const { groups } = ruled(30_500)('GET /api/v1/rules?type=record')
    expect(groups).toMatchObject([{ lastEvaluation: '1970-01-01T00:00:30.5Z' }])
    expect(groups[0].rules).toMatchObject([
      { health: 'ok', lastEvaluation: '1970-01-01T00:00:30.5Z' },
      { health: 'err', lastError: expect.stringContaining('found duplicate series') },
    ])
  })

  it('has the state of the alerts, if they are not left out', () => {
    const at = (...times: number[]) => ruled(...times)('GET /api/v1/rules?rule_name[]=Down').groups[0].rules[0]
    expect(at(0)).toMatchObject({ state: 'inactive', alerts: [] })
    expect(at(60_000)).toMatchObject({ state: 'pending', alerts: [{ state: 'pending' }] })
    expect(at(60_000, 120_000)).toMatchObject({ state: 'firing', alerts: [{ state: 'firing' }] })
    const hidden = ruled(60_000)('GET /api/v1/rules?rule_name[]=Down&exclude_alerts=true').groups[0].rules[0]
    expect(hidden).toMatchObject({ state: 'pending', alerts: null })
  })

  it('has only what is asked for', () => {
    const get = ruled()
    expect(named(get('GET /api/v1/rules'))).toEqual(['alerts: Down Quiet', 'ratios: job:up:sum broken'])
    expect(named(get('GET /api/v1/rules?type=alert'))).toEqual(['alerts: Down Quiet'])
    expect(named(get('GET /api/v1/rules?rule_name[]=Quiet&rule_name[]=broken'))).toEqual([
      'alerts: Quiet',
      'ratios: broken',
    ])
    expect(named(get('GET /api/v1/rules?rule_group[]=ratios'))).toEqual(['ratios: job:up:sum broken'])
    expect(named(get('GET /api/v1/rules?file[]=a.yaml&file[]=c.yaml'))).toEqual(['alerts: Down Quiet'])
    expect(named(get('GET /api/v1/rules?match[]={severity="page"}&match[]={of=~".%2B"}'))).toEqual([
      'alerts: Down',
      'ratios: job:up:sum',
    ])
  })

  it('comes in pages', () => {
    const get = ruled()
    const first = get('GET /api/v1/rules?group_limit=1')
    expect(named(first)).toEqual(['alerts: Down Quiet'])
    const token = encodeURIComponent(first.groupNextToken)
    const second = get(`GET /api/v1/rules?group_limit=1&group_next_token=${token}`)
    expect([named(second), second.groupNextToken]).toEqual([['ratios: job:up:sum broken'], undefined])
  })
})

describe('/api/v1/alerts', () => {
  it('has the active alerts: labels and annotations, since when, and the value as Go writes it', () => {
    expect(ruled(0)('GET /api/v1/alerts')).toEqual({ alerts: [] })
    expect(ruled(60_000, 120_000, 240_000)('GET /api/v1/alerts')).toEqual({
      alerts: [
        {
          labels: { alertname: 'Down', job: 'a', severity: 'page' },
          annotations: { summary: 'It is <down>.' },
          state: 'firing',
          activeAt: '1970-01-01T00:01:00Z',
          keepFiringSince: '1970-01-01T00:04:00Z',
          value: '0e+00',
        },
      ],
    })
  })
})

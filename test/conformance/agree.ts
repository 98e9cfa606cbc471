// Holds a simulated trace against a recorded one. A decision is a field of an object that took a new value, a question
// asked, or an event. A value overwritten within a moment counts only if both traces show it: such values depend on how
// fast watches travel, and differ between two recordings of the real controllers.

/** Times agree within the controllers' own granularity: they keep whole seconds. */
export const withinSeconds = 1.1
const momentSeconds = 1
/** Before the name of an object: all events that were sent of it, also the repeated ones. */
const sent = 'sent '

export interface Step {
  readonly t: number
  readonly value: string
  lasted: number
}

/** By object and field: the values it took, and when. */
export type Decisions = ReadonlyMap<string, readonly Step[]>

export interface Row {
  readonly key: string
  readonly t: number
  readonly expected: string | undefined
  readonly actual: string | undefined
  readonly lateSeconds: number | undefined
  readonly ok: boolean
}

/** Identities that the API server draws by lot: the names of Jobs begin with one. */
const anyUid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const noUid = '00000000-0000-0000-0000-000000000000'

type Line = Record<string, unknown> & { readonly t?: number }

export function decisions(text: string): Decisions {
  const lines = text
    .replaceAll(anyUid, noUid)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  const end = Math.max(0, ...lines.map(({ t }) => t ?? 0))
  const tracks = new Map<string, Step[]>()
  for (const line of lines) collect(line, tracks)
  for (const [key, track] of tracks) {
    // Repeated events are merged and rate-limited by the client.
    if (key.startsWith('event ')) track.length = 1
    for (const [index, step] of track.entries()) {
      if (Number.isNaN(step.lasted)) step.lasted = (track[index + 1]?.t ?? end + momentSeconds) - step.t
    }
  }
  return tracks
}

function collect(line: Line, tracks: Map<string, Step[]>): void {
  const track = (key: string) => {
    const known = tracks.get(key)
    if (known) return known
    const made: Step[] = []
    tracks.set(key, made)
    return made
  }
  // What held at the release is the value at 0.
  const put = (key: string, t: number, value: unknown) => {
    const values = track(key)
    const text = JSON.stringify(value) ?? 'none'
    if (values.at(-1)?.value !== text) values.push({ t: Math.max(0, t), value: text, lasted: Number.NaN })
  }
  const t = line.t ?? 0
  const kind = Object.keys(line).find((key) => /^[A-Z]/.test(key))
  if (kind) {
    collectObject(line, kind, t, put)
  } else if (t > 0 && ['query', 'web', 'hook'].some((key) => key in line)) {
    const { t: _, body, ...asked } = line as Line & { body?: object }
    const value = JSON.stringify(body ? { ...asked, ...body } : asked)
    track(`asked ${String(line['query'] ?? line['web'] ?? line['hook'])}`).push({
      t,
      value,
      lasted: Number.POSITIVE_INFINITY,
    })
  } else if (line['event'] && !/^Job\//.test(String(line['on']))) {
    // What the controller of Jobs tells is none of the policy's.
    track(`${sent}${String(line['on'])}`).push({ t, value: 'seen', lasted: Number.POSITIVE_INFINITY })
    if (line['event'] === 'ScalingReplicaSet' || t <= 0) return
    const message = String(line['message'])
    if (!/object has been modified/.test(message)) {
      track(`event ${String(line['event'])} ${String(line['on'])}: ${message}`).push({
        t,
        value: 'seen',
        lasted: Number.NaN,
      })
    }
  }
}

function collectObject(
  line: Line,
  kind: string,
  t: number,
  put: (key: string, t: number, value: unknown) => void,
): void {
  const { t: _, [kind]: name, deleted, conditions, metrics, ...fields } = line
  const object = `${kind}/${String(name)}`
  put(`${object} exists`, t, !deleted)
  if (deleted) return
  for (const [field, value] of Object.entries(fields)) {
    put(`${object} ${field}`, t, isTime(kind, field) ? value !== null : (unstamped(value) ?? undefined))
  }
  for (const text of (conditions ?? []) as string[]) {
    const type = text.replace(/^-/, '').split(' | ')[0]
    put(`${object} condition ${type}`, t, text.startsWith('-') ? undefined : text)
  }
  for (const metric of (metrics ?? []) as Metric[]) {
    const { name: metricName, phase, message, count, error, measurements = [] } = metric
    put(`${object} metric ${metricName}`, t, { phase, message, count })
    const before = (count ?? 0) + (error ?? 0) - measurements.length
    for (const [index, taken] of measurements.entries()) {
      if (taken.finish === undefined) continue
      const value = { phase: taken.phase, value: taken.value, message: taken.message }
      put(`${object} metric ${metricName} measurement ${1 + index + before}`, taken.start, value)
    }
  }
}

interface Metric {
  readonly name: string
  readonly phase: string
  readonly message?: string
  readonly count?: number
  readonly error?: number
  readonly measurements?: readonly {
    readonly phase: string
    readonly value?: string
    readonly message?: string
    readonly start: number
    readonly finish?: number
  }[]
}

/** What follows from such a time is compared when it happens. */
function isTime(kind: string, field: string): boolean {
  return field === 'scaleDownDeadline' || (kind === 'Experiment' && field === 'available')
}

function unstamped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unstamped)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'start')
  return Object.fromEntries(entries.map(([key, inner]) => [key, unstamped(inner)]))
}

export function compare(expected: Decisions, actual: Decisions): readonly Row[] {
  const rows: Row[] = []
  const dropped = lastEvents(expected)
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    if (key.startsWith(sent)) continue
    const x = expected.get(key) ?? []
    const y = actual.get(key) ?? []
    if (x.length === 0 && key.startsWith('event ') && y[0]!.t >= dropped(key)) continue
    // Events travel slowly.
    const allowed = key.startsWith('event ') ? 3 * withinSeconds : withinSeconds
    for (const [p, q] of align(x, y)) {
      const lateSeconds = p && q ? q.t - p.t : undefined
      const ok = lateSeconds !== undefined && Math.abs(lateSeconds) <= allowed
      rows.push({ key, t: (p ?? q)!.t, expected: p?.value, actual: q?.value, lateSeconds, ok })
    }
  }
  return rows.sort((a, b) => a.t - b.t)
}

/** Pairs equal values in order, at the least cost: a brief value may be left out for nothing, any other costs one. */
function align(x: readonly Step[], y: readonly Step[]): readonly (readonly [Step | undefined, Step | undefined])[] {
  const sx = skipCosts(x)
  const sy = skipCosts(y)
  const cost = Array.from({ length: x.length + 1 }, () => new Float64Array(y.length + 1))
  const pair = (i: number, j: number) =>
    x[i]!.value === y[j]!.value ? (Math.abs(x[i]!.t - y[j]!.t) <= withinSeconds ? 0 : 0.9) : 9
  for (let i = x.length; i >= 0; i--) {
    for (let j = y.length; j >= 0; j--) {
      if (i === x.length && j === y.length) continue
      cost[i]![j] = Math.min(
        i < x.length ? cost[i + 1]![j]! + sx[i]! : Number.POSITIVE_INFINITY,
        j < y.length ? cost[i]![j + 1]! + sy[j]! : Number.POSITIVE_INFINITY,
        i < x.length && j < y.length ? cost[i + 1]![j + 1]! + pair(i, j) : Number.POSITIVE_INFINITY,
      )
    }
  }
  const pairs: (readonly [Step | undefined, Step | undefined])[] = []
  let i = 0
  let j = 0
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && cost[i]![j] === cost[i + 1]![j + 1]! + pair(i, j)) {
      pairs.push([x[i++], y[j++]])
    } else if (i < x.length && cost[i]![j] === cost[i + 1]![j]! + sx[i]!) {
      if (sx[i]) pairs.push([x[i], undefined])
      i++
    } else {
      if (sy[j]) pairs.push([undefined, y[j]])
      j++
    }
  }
  return pairs
}

function skipCosts(track: readonly Step[]): readonly number[] {
  return track.map(({ value, lasted }, index) => {
    if (lasted === Number.POSITIVE_INFINITY) return 1
    if (lasted < momentSeconds) return 0
    const before = track.slice(0, index).findLast((step) => step.lasted >= momentSeconds)
    // Gone again before anybody could have seen it: it may as well never have been there.
    return before?.value === value || (before === undefined && value === 'none') ? 0 : 1
  })
}

/** Clients stop sending an object's events after the first 25: when that can have begun. */
function lastEvents(tracks: Decisions): (key: string) => number {
  const told = new Map<string, number[]>()
  for (const [key, track] of tracks) {
    if (key.startsWith('event ')) told.set(objectOf(key), [...(told.get(objectOf(key)) ?? []), track[0]!.t])
  }
  return (key) => {
    const all = (tracks.get(`${sent}${objectOf(key)}`) ?? []).map(({ t }) => t)
    const times = told.get(objectOf(key)) ?? []
    // The last one that was seen had been sent a while before.
    if (all.length >= 25) return Math.max(0, ...all) - withinSeconds
    return times.length < 12 ? Number.POSITIVE_INFINITY : Math.max(...times)
  }
}

/** Of `event REASON KIND/NAME: MESSAGE`; a reason may have a space in it. */
function objectOf(key: string): string {
  return / (\w+\/[^ :]+):/.exec(key)?.[1] ?? ''
}

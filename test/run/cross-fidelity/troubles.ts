// Random faults: of answers, of pods, and of those who watch and act.
import type { Dice } from './dice.js'
import { type People, whoseOf } from './worlds.js'

interface Surroundings {
  readonly people: People
  readonly hasDependency: boolean
  readonly hasNodes: boolean
}

type Written = Readonly<Record<string, unknown>>

export function faultOf(dice: Dice, surroundings: Surroundings): Written {
  const kind = dice.between(0, 1)
  if (kind < 0.62) return answersFault(dice, surroundings)
  if (kind < 0.72) return releaseFault(dice, surroundings)
  if (kind < 0.85) return podFault(dice, surroundings)
  return blindness(dice)
}

function answersFault(dice: Dice, surroundings: Surroundings): Written {
  const effect = answerEffect(dice)
  if ('noisyNeighbour' in effect) {
    return { on: podsOf(dice, versions, surroundings), ...effect, ...anchorOf(dice), ...courseOf(dice, true) }
  }
  const above = 'errors' in effect && dice.chance(0.15) ? { above: `${dice.whole(4, 15)}/s` } : {}
  return { on: whomOf(dice, surroundings), ...effect, ...above, ...anchorOf(dice), ...courseOf(dice, true) }
}

function answerEffect(dice: Dice): Written {
  switch (dice.whole(0, 6)) {
    case 0:
      return { latency: dice.among(['+200ms', '+50ms', 'x3', '+2s']) }
    case 1:
      return { hang: dice.percent(5, 60) }
    case 2:
      return { noisyNeighbour: dice.percent(20, 70) }
    default:
      return {
        errors: dice.chance(0.7) ? dice.percent(1, 10) : dice.percent(10, 40),
        ...dice.maybe(0.3, () => ({ status: dice.among([502, 503, 504, 404, 429]) })),
      }
  }
}

const versions = ['canary', 'canary', 'canary', 'both', 'stable']

/** Whom faults of answers strike. */
function whomOf(dice: Dice, surroundings: Surroundings): string | Written {
  const { people, hasDependency } = surroundings
  if (dice.chance(0.2)) return podsOf(dice, versions, surroundings)
  const version = dice.among(versions)
  if (hasDependency && dice.chance(0.3)) return { dependency: 'payments', ...dice.maybe(0.5, () => ({ version })) }
  const whose = whoseOf(dice, people)
  const some = {
    ...(whose && dice.chance(0.4) ? whose : {}),
    ...dice.maybe(0.15, () => ({ share: dice.percent(5, 60) })),
  }
  return Object.keys(some).length > 0 ? { version, ...some } : version
}

/** Whom faults of pods strike. */
function podsOf(dice: Dice, versions: readonly string[], { hasNodes }: Surroundings): string | Written {
  const version = dice.among(versions)
  switch (dice.whole(0, 3)) {
    case 0:
      return { version, pods: dice.among([1, '50%']) }
    case 1:
      return hasNodes ? { version, ...dice.among([{ zone: 'a' }, { node: 'n2' }]) } : version
    default:
      return version
  }
}

function anchorOf(dice: Dice): Written {
  return dice.maybe(0.25, () => ({ after: dice.among(['promotion', 'first-pod', 'first-pod']) }))
}

function courseOf(dice: Dice, grows: boolean): Written {
  const onset = dice.maybe(0.7, () => ({ onset: dice.seconds(0, 240) }))
  if (grows && dice.chance(0.12)) {
    const rollout = [
      { at: '0s', weight: '10%' },
      { at: '40s', weight: '60%' },
      { at: dice.seconds(90, 300), weight: dice.among(['0%', '100%']) },
    ]
    return { ...onset, rollout }
  }
  const lasts = dice.whole(40, 200)
  return {
    ...onset,
    ...(grows ? dice.maybe(0.35, () => ({ ramp: dice.seconds(10, 120) })) : {}),
    ...dice.maybe(0.35, () => ({
      for: `${lasts}s`,
      ...dice.maybe(0.5, () => ({ every: `${lasts + dice.whole(20, 120)}s` })),
    })),
  }
}

/** What a release brings about for both versions. */
function releaseFault(dice: Dice, { people }: Surroundings): Written {
  if (dice.chance(0.5)) {
    const whose = whoseOf(dice, people)
    return {
      on: whose && dice.chance(0.4) ? { version: 'canary', ...whose } : 'canary',
      poison: { records: dice.among([5000, 50_000]), ...dice.maybe(0.5, () => ({ recovery: dice.seconds(60, 600) })) },
      ...dice.maybe(0.5, () => ({ onset: dice.seconds(0, 120) })),
    }
  }
  const skew = { errors: dice.percent(2, 25), while: dice.among(['migrated', 'mixed']) }
  return { on: dice.among(['stable', 'canary']), skew, ...dice.maybe(0.4, () => ({ onset: dice.seconds(0, 120) })) }
}

function podFault(dice: Dice, surroundings: Surroundings): Written {
  const on = podsOf(dice, ['canary', 'canary', 'stable'], surroundings)
  switch (dice.whole(0, 4)) {
    case 0:
      return { on, crashLoop: true, ...courseOf(dice, false) }
    case 1:
      return { on, neverReady: true, ...courseOf(dice, false) }
    case 2:
      return { on, leak: { growth: '10Mi/s', limit: dice.among(['512Mi', '2Gi']) } }
    default: {
      const every = dice.maybe(0.5, () => ({ every: dice.seconds(60, 200) }))
      return { on, kill: dice.among(['pod', 'container']), onset: dice.seconds(10, 240), ...every }
    }
  }
}

function blindness(dice: Dice): Written {
  const course = courseOf(dice, false)
  switch (dice.whole(0, 4)) {
    case 0:
      return { prometheus: 'down', onset: '60s', for: dice.seconds(30, 200) }
    case 1:
      return { controller: 'slow', delay: dice.seconds(5, 60), ...course }
    case 2:
      return { apiServer: 'slow', delay: dice.seconds(1, 10), ...course }
    default: {
      const metrics = dice.among(['lost', 'delayed', 'mislabelled', 'stuck'])
      const delay = metrics === 'delayed' ? { delay: dice.seconds(20, 120) } : {}
      return { on: dice.among(['gateway', 'canary']), metrics, ...delay, ...course }
    }
  }
}

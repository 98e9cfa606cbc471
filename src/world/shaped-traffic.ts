// Where the traffic of a flight comes from: what a scenario says of it, and the chance that is in that.
import type { Tape } from '../kernel/random.js'
import type { Replay, ScenarioTraffic } from '../scenario/traffic.js'
import type { ScenarioUsers } from '../scenario/users.js'
import { Arrivals } from './arrivals.js'
import { Polyline } from './polyline.js'
import { Traffic, type TrafficPoint, type TrafficSource } from './traffic.js'
import { drawBursts, drawNoise, meanOfBursts } from './traffic-chance.js'
import { crowdFactor, weekFactor } from './traffic-shapes.js'

/** How many requests come, whoever sends them. */
type Shape = Omit<ScenarioTraffic, keyof ScenarioUsers>

export class ShapedTraffic implements TrafficSource {
  readonly mean: Traffic
  /** With everything in it that isn't left to chance. */
  private readonly certain: Traffic

  constructor(
    private readonly shape: Shape,
    /** What clocks show when the scenario starts, in milliseconds since 1970. */
    startsAtMs: number,
    private readonly durationMs: number,
    /** By which faults multiply it. On average, as budgets have it, there are none. */
    faults: readonly Polyline[] = [],
  ) {
    const { points, replay, week, crowds, bursts } = shape
    const factors = crowds.map(crowdFactor)
    if (week) factors.unshift(weekFactor(week, startsAtMs, durationMs))
    const base = replay ? replayed(replay) : new Traffic(linesOf(points))
    const usual = factors.reduce(times, base)
    this.mean = bursts ? usual.times(Polyline.constant(meanOfBursts(bursts))) : usual
    this.certain = faults.reduce(times, usual)
  }

  draw(tape: Tape): Traffic {
    const { bursts, noise } = this.shape
    let traffic = this.certain
    if (bursts) traffic = traffic.times(drawBursts(bursts, this.durationMs, tape.stream('bursts')))
    if (noise) traffic = traffic.times(drawNoise(noise, this.durationMs, tape.stream('noise')))
    return traffic
  }
}

const times = (traffic: Traffic, factor: Polyline) => traffic.times(factor)

function replayed({ atMs, counts, file }: Replay): Traffic {
  if (counts === undefined) throw new Error(`the log ${file} has not been read`)
  return Traffic.of(new Arrivals(atMs, counts))
}

/** A ramp starts from the rate before it; two points at one instant are a step. */
function linesOf(points: ScenarioTraffic['points']): readonly TrafficPoint[] {
  return points.flatMap(({ atMs, ratePerSecond, rampMs }, index) => {
    const before = points[index - 1]?.ratePerSecond ?? ratePerSecond
    return [
      { atMs, requestsPerSecond: before },
      { atMs: atMs + rampMs, requestsPerSecond: ratePerSecond },
    ]
  })
}

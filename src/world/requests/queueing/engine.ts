// What happens to requests while the world stays as it is: they arrive, are sent to a pod, wait, are served, time out and
// are sent again, one event after the other in the order of time. No object and no closure per event.
import { Alias } from '../../../kernel/alias.js'
import type { Stream, Tape } from '../../../kernel/random.js'
import { Agenda } from './agenda.js'
import type { Arrivals } from './arrivals.js'
import { Attempts, BACKING_OFF, IN_VAIN, LOST, QUEUED, SERVED, STUCK } from './attempts.js'
import { Ending, type Sink } from './ending.js'
import { LaneLaws } from './lane-laws.js'
import { checkLaws, checkTime } from './laws.js'
import type { Codes, QueueingPlan, Users } from './plan.js'
import { Pods, UNLIMITED } from './pods.js'
import { Retries } from './retries.js'
import { Routing } from './routing.js'

const NONE = -1
const NOBODY_COMES: Arrivals = { nextMs: Number.POSITIVE_INFINITY, take: () => {} }

export class Engine {
  nowMs = 0
  /** Requests, and how they ended for those who sent them. */
  arrived = 0
  succeeded = 0
  failed = 0
  /** Requests between two attempts. */
  backingOff = 0
  /** Attempts in a queue or at work although the client has gone. */
  inVain = 0
  /** Attempts that a pod was done with after the client had gone. */
  servedInVain = 0
  /** By version, how often a request was sent there for the first time, and how often again. */
  readonly sent: Float64Array
  readonly resent: Float64Array
  readonly lanes: LaneLaws

  protected readonly attempts = new Attempts()
  protected readonly pods = new Pods()
  protected readonly routing: Routing
  protected readonly codes: Codes
  protected readonly isTimed: boolean
  private readonly timeoutMs: number
  private readonly agenda = new Agenda()
  private readonly ending = new Ending(this.attempts, this.pods)
  private readonly retries: Retries | undefined
  private readonly strands: Alias | undefined
  private readonly users: Users | undefined
  private readonly isSticky: boolean
  private readonly isPinned: boolean
  private readonly drawUserOf: Users['drawUserOf']
  private readonly isRated: boolean
  private readonly streamOfStrands: Stream
  private readonly streamOfUsers: Stream
  private readonly streamOfAnswers: Stream
  private arrivals: Arrivals = NOBODY_COMES

  constructor(
    plan: QueueingPlan,
    tape: Tape,
    private readonly sink: Sink,
  ) {
    const { versions, strands, retries, connections, users, timeoutMs } = plan
    this.lanes = new LaneLaws(versions, strands.length)
    this.sent = new Float64Array(versions)
    this.resent = new Float64Array(versions)
    this.routing = new Routing(tape.stream('routing'), versions, strands.length, connections)
    this.retries = retries && new Retries(retries, tape.stream('back-off'))
    this.strands = strands.length > 1 ? new Alias(strands) : undefined
    this.users = users
    this.isSticky = users?.versionOf !== undefined
    this.isPinned = this.isSticky || users?.keepVersion === true
    this.drawUserOf = users?.drawUserOf
    this.isRated = plan.capacities.some(({ perSecond }) => perSecond !== undefined)
    this.timeoutMs = timeoutMs ?? Number.POSITIVE_INFINITY
    this.isTimed = this.timeoutMs < Number.POSITIVE_INFINITY
    this.codes = plan.codes
    this.streamOfStrands = tape.stream('strands')
    this.streamOfUsers = tape.stream('users')
    this.streamOfAnswers = tape.stream('answers')
    if (!(this.timeoutMs > 0)) throw new RangeError(`clients that wait for ${timeoutMs} ms`)
    if (this.isPinned && connections) throw new RangeError('either users stick to versions or connections to pods')
  }

  /** Requests that aren't over for their users. */
  get inFlight(): number {
    return this.arrived - this.succeeded - this.failed
  }

  /** From now on requests come from here. */
  receive(arrivals: Arrivals): void {
    if (arrivals.nextMs < this.nowMs) {
      throw new RangeError(`a request that arrived at ${arrivals.nextMs} ms, told at ${this.nowMs} ms`)
    }
    this.arrivals = arrivals
  }

  /** Lets everything happen before this instant, and tells how attempts ended. */
  advance(untilMs: number): void {
    checkTime(this.nowMs, untilMs)
    this.run(untilMs)
    this.nowMs = untilMs
    checkLaws(this.pods, this)
  }

  /** Nobody comes any more: whatever is under way ends as it would if the world stayed as it is. */
  drain(): void {
    this.arrivals = NOBODY_COMES
    this.run(Number.POSITIVE_INFINITY)
    checkLaws(this.pods, this)
  }

  private run(untilMs: number): void {
    const { agenda, arrivals } = this
    for (;;) {
      const arrivalMs = arrivals.nextMs
      const deadlineMs = this.isTimed ? this.nextDeadlineMs : Number.POSITIVE_INFINITY
      const endMs = agenda.nextMs
      if (arrivalMs < endMs && arrivalMs < deadlineMs) {
        if (arrivalMs >= untilMs) break
        this.goTo(arrivalMs)
        this.arrive()
      } else if (endMs <= deadlineMs) {
        if (endMs >= untilMs) break
        this.goTo(endMs)
        this.end(agenda.first)
      } else {
        if (deadlineMs >= untilMs) break
        this.goTo(deadlineMs)
        this.timeOut(this.attempts.oldest)
      }
    }
  }

  private get nextDeadlineMs(): number {
    const { oldest, sentMs } = this.attempts
    return oldest < 0 ? Number.POSITIVE_INFINITY : sentMs[oldest]! + this.timeoutMs
  }

  private goTo(timeMs: number): void {
    if (!(timeMs >= this.nowMs)) checkTime(this.nowMs, timeMs)
    this.nowMs = timeMs
  }

  /** What is the same for all requests stands in every row from the start: leaving it alone is a tenth of the speed. */
  private arrive(): void {
    const { attempts, strands, users } = this
    const row = attempts.take()
    let strand = 0
    if (strands !== undefined) {
      strand = strands.draw(this.streamOfStrands)
      attempts.strands[row] = strand
    }
    if (users?.drawUser !== undefined) attempts.users[row] = users.drawUser(strand, this.streamOfUsers)
    if (this.retries !== undefined) attempts.tries[row] = 1
    attempts.requests[row] = ++this.arrived
    this.arrivals.take()
    this.send(row, strand)
  }

  private send(row: number, strand: number): void {
    const { attempts, pods, routing, nowMs, lanes } = this
    const place = this.isPinned ? this.routePinned(row, strand) : routing.route(strand, nowMs)
    const version = place < 0 ? routing.version : pods.versions[place]!
    const lane = place < 0 ? lanes.of(version, strand, 0) : pods.lanes[place]! + strand
    attempts.sentMs[row] = nowMs
    attempts.pods[row] = place
    attempts.lanes[row] = lane
    attempts.blames[row] = lanes.blames[lane]!
    if (attempts.tries[row] === 1) {
      this.sent[version]!++
      if (this.drawUserOf) attempts.users[row] = this.drawUserOf(strand, version, this.streamOfUsers)
    } else this.resent[version]!++
    if (place < 0) return this.shed(row)
    if (lanes.refuses[lane] === 1) {
      // Nobody keeps a connection that couldn't be opened.
      routing.hangUp(place)
      return this.shed(row)
    }
    if (this.isRated && !pods.accepts(place, nowMs)) return this.shed(row)
    const busy = pods.busy[place]!
    if (busy < pods.concurrency[place]!) {
      pods.busy[place] = busy + 1
      this.begin(row, lane)
    } else if (pods.queued[place]! < pods.room[place]!) this.enqueue(row, place)
    else return this.shed(row)
    if (this.isTimed) attempts.watch(row)
  }

  /** To the version that its user is sent to, or that it was sent to before. */
  private routePinned(row: number, strand: number): number {
    const { attempts, lanes, routing, users } = this
    if (this.isSticky) return routing.placeOf(users!.versionOf!(attempts.users[row]!, strand))
    if (attempts.tries[row]! > 1) {
      const version = lanes.versionOf(attempts.lanes[row]!)
      if (routing.reaches(version, strand)) return routing.placeOf(version)
    }
    return routing.route(strand, this.nowMs)
  }

  private shed(row: number): void {
    this.attempts.startedMs[row] = this.nowMs
    this.conclude(row, this.codes.shed, true)
  }

  private enqueue(row: number, place: number): void {
    const { attempts, pods } = this
    const queued = pods.queued[place]!
    attempts.states[row] = QUEUED
    attempts.startedMs[row] = Number.POSITIVE_INFINITY
    if (queued === 0) pods.heads[place] = row
    else attempts.next[pods.tails[place]!] = row
    pods.tails[place] = row
    pods.queued[place] = queued + 1
  }

  /** A pod sets to work on it, and whatever it will answer takes the same time. */
  private begin(row: number, lane: number): void {
    const { attempts, lanes, nowMs, streamOfAnswers: stream } = this
    const errors = lanes.errors[lane]!
    let code = this.codes.ok
    if (errors > 0) {
      const chance = stream.uniform32()
      if (chance < errors) code = lanes.codeAt(lane, chance)
    }
    const endMs = nowMs + lanes.laws[lane]!.sample(stream)
    lanes.served[lane]!++
    attempts.codes[row] = code
    attempts.startedMs[row] = nowMs
    attempts.states[row] = SERVED
    if (endMs < Number.POSITIVE_INFINITY) this.agenda.add(endMs, row)
    else attempts.states[row] = STUCK
  }

  /** The first entry of the agenda is due. */
  private end(row: number): void {
    const { attempts } = this
    const place = attempts.pods[row]!
    const state = attempts.states[row]!
    this.agenda.drop()
    if (state === SERVED) {
      if (this.isTimed) attempts.unwatch(row)
      this.conclude(row, attempts.codes[row]!, true)
    } else if (state === BACKING_OFF) {
      this.backingOff--
      return this.send(row, attempts.strands[row]!)
    } else {
      attempts.give(row)
      if (state === LOST) return
      this.inVain--
      this.servedInVain++
    }
    this.handOn(place)
  }

  /** A pod is done with a request and turns to the next one in its queue. */
  private handOn(place: number): void {
    const { attempts, pods } = this
    const next = pods.queued[place] === 0 ? NONE : this.dequeue(place)
    if (next >= 0) {
      const lane = pods.lanes[place]! + attempts.strands[next]!
      attempts.lanes[next] = lane
      this.begin(next, lane)
      return
    }
    pods.busy[place]!--
    if (pods.isOpen[place] === 0) this.forgetIfDone(place)
  }

  /** The first in a queue whose client is still there. */
  private dequeue(place: number): number {
    const { attempts, pods } = this
    while (pods.queued[place]! > 0) {
      const row = pods.heads[place]!
      pods.heads[place] = attempts.next[row]!
      pods.queued[place]!--
      if (attempts.states[row] === QUEUED) return row
      this.inVain--
      attempts.give(row)
    }
    return NONE
  }

  /** A client goes; whatever a pod does about its request is in vain from now on. */
  private timeOut(row: number): void {
    const { attempts } = this
    const isStuck = attempts.states[row] === STUCK
    attempts.unwatch(row)
    attempts.states[row]! += IN_VAIN
    this.inVain++
    this.conclude(row, this.codes.timedOut, false)
    if (isStuck) this.abandon(row)
  }

  /** What no pod will ever be done with needs no row where it takes nobody's place. */
  private abandon(row: number): void {
    const { attempts, pods } = this
    const place = attempts.pods[row]!
    if (pods.concurrency[place]! < UNLIMITED) return
    attempts.give(row)
    this.inVain--
    pods.busy[place]!--
    if (pods.isOpen[place] === 0) this.forgetIfDone(place)
  }

  /** The client knows how an attempt ended. Its row can be that of the next attempt unless a pod still has it. */
  protected conclude(row: number, code: number, isFree: boolean): void {
    const { attempts, ending } = this
    const isRetried = this.retries !== undefined && this.isRetried(row, code, this.retries)
    ending.row = row
    ending.timeMs = this.nowMs
    ending.code = code
    ending.isLast = !isRetried
    this.sink.take(ending)
    if (isRetried) return this.retry(row, isFree ? row : attempts.take(), this.retries!)
    if (code === this.codes.ok) this.succeeded++
    else this.failed++
    if (isFree) attempts.give(row)
  }

  private isRetried(row: number, code: number, retries: Retries): boolean {
    const number = this.attempts.tries[row]!
    if (number > 1) retries.pending--
    return retries.follows(code, number, this.inFlight - this.backingOff)
  }

  private retry(row: number, next: number, retries: Retries): void {
    const number = this.attempts.tries[row]!
    this.attempts.again(row, next)
    this.backingOff++
    retries.pending++
    this.agenda.add(this.nowMs + retries.pauseMs(number), next)
  }

  protected forgetIfDone(place: number): void {
    if (this.pods.isIdle(place)) this.pods.remove(place)
  }
}

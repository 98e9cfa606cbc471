// What a metrics server and an adapter for custom metrics tell of pods: sampled now and then, as the real ones do.
import type { Loop } from '../kernel/loop.js'
import { toMilli } from '../policy/api/quantity.js'
import type { PodMetricName } from '../policy/kubernetes/autoscaler-spec.js'
import type { Measured, PodMetrics } from '../policy/kubernetes/replica-calculator.js'
import type { Pod } from '../world/cluster/objects.js'
import type { PodLoad } from '../world/pod-load.js'

/** `--metric-resolution` of metrics-server, as its manifest sets it; Prometheus scrapes as often. */
const resolutionMs = 15_000

/** The window of the rate in the manual of prometheus-adapter: `rate(http_requests_total[2m])`. */
const rateWindowMs = 120_000

const samplePriority = 12
const mostSamples = rateWindowMs / resolutionMs + 1

/** CPU is the mean between the last two samples, a rate of requests that over its window. */
export class SampledPods implements PodMetrics {
  /** Requests answered at the last samples, the newest last; undefined before the pod was ready. */
  private readonly samples = new Map<Pod, (number | undefined)[]>()
  private takenAtMs = 0

  constructor(
    private readonly loop: Loop,
    private readonly load: PodLoad,
    private readonly pods: () => Iterable<Pod>,
    /** CPU time that a request takes on the pod. */
    private readonly cpuMsOf: (pod: Pod) => number,
  ) {
    const handler = loop.handler(() => {
      this.sample()
      loop.at(loop.now + resolutionMs, samplePriority, handler)
    })
    loop.at(resolutionMs, samplePriority, handler)
  }

  read(pod: Pod, metric: PodMetricName): Measured | undefined {
    const samples = this.samples.get(pod)
    if (!samples || samples.length < 2) return undefined
    return metric === 'cpu' ? this.cpuOf(pod, samples) : this.rateOf(samples)
  }

  private cpuOf(pod: Pod, samples: readonly (number | undefined)[]): Measured {
    const requests = (samples.at(-1) ?? 0) - (samples.at(-2) ?? 0)
    // Milliseconds of CPU in a millisecond are cores.
    const cores = (requests * this.cpuMsOf(pod)) / resolutionMs
    return { milli: toMilli(cores), takenAtMs: this.takenAtMs, windowMs: resolutionMs }
  }

  /** A rate needs two samples of a series that is there since the pod answers. */
  private rateOf(samples: readonly (number | undefined)[]): Measured | undefined {
    const seen = samples.filter((sample) => sample !== undefined)
    if (seen.length < 2) return undefined
    const perSecond = ((seen.at(-1)! - seen[0]!) * 1000) / rateWindowMs
    return { milli: toMilli(perSecond), takenAtMs: this.takenAtMs, windowMs: rateWindowMs }
  }

  private sample(): void {
    this.takenAtMs = this.loop.now
    for (const pod of this.samples.keys()) if (pod.deleted) this.samples.delete(pod)
    for (const pod of this.pods()) {
      const samples = this.samples.get(pod) ?? []
      samples.push(this.load.answeredBy(pod, this.loop.now))
      if (samples.length > mostSamples) samples.shift()
      this.samples.set(pod, samples)
    }
  }
}

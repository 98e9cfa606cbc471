// By which number the engine knows a pod: each of its own, whichever version it is of and however it is called elsewhere.

export class PodNumbers {
  /** Stable's before anybody has told which they are. */
  placeholders: number[] = []
  private readonly ofVersion: readonly Map<number, number>[]
  /** By number, what the pod is called elsewhere. */
  private readonly told: number[] = []

  constructor(versions: number) {
    this.ofVersion = Array.from({ length: versions }, () => new Map<number, number>())
  }

  reset(stablePods: number): void {
    for (const known of this.ofVersion) known.clear()
    this.told.length = 0
    this.placeholders = Array.from({ length: stablePods }, () => this.told.push(UNTOLD) - 1)
  }

  /** The number of a pod, from now on at the latest. */
  of(version: number, pod: number): number {
    const known = this.known(version, pod)
    if (known !== undefined) return known
    const held = version === 0 ? this.placeholders.shift() : undefined
    const number = held ?? this.told.push(pod) - 1
    this.told[number] = pod
    this.ofVersion[version]!.set(pod, number)
    return number
  }

  known(version: number, pod: number): number | undefined {
    return this.ofVersion[version]!.get(pod)
  }

  /** Whoever has served until now is told. */
  settle(): void {
    this.placeholders.length = 0
  }

  toldOf(number: number): number {
    return this.told[number]!
  }
}

const UNTOLD = -1

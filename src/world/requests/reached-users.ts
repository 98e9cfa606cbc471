// Which users a flight has reached, one by one: two bits each.

/** Users are numbers from 0. */
export class ReachedUsers {
  exposed = 0
  harmed = 0
  private readonly exposedBits: Int32Array
  private readonly harmedBits: Int32Array

  constructor(readonly users: number) {
    if (!(Number.isSafeInteger(users) && users > 0 && users <= MOST)) throw new RangeError(`${users} users one by one`)
    this.exposedBits = new Int32Array(Math.ceil(users / 32))
    this.harmedBits = new Int32Array(Math.ceil(users / 32))
  }

  reset(): void {
    if (this.exposed > 0) this.exposedBits.fill(0)
    if (this.harmed > 0) this.harmedBits.fill(0)
    this.exposed = 0
    this.harmed = 0
  }

  /** A request of this user was exposed, and perhaps went worse than it should have. */
  add(user: number, isHarmed: boolean): void {
    const { exposedBits, harmedBits } = this
    const word = user >>> 5
    const bit = 1 << (user & 31)
    if ((exposedBits[word]! & bit) === 0) {
      exposedBits[word]! |= bit
      this.exposed++
    }
    if (isHarmed && (harmedBits[word]! & bit) === 0) {
      harmedBits[word]! |= bit
      this.harmed++
    }
  }
}

const MOST = 2 ** 31

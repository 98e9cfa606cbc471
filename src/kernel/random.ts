// Everything random in a run: a tape of named, keyed streams. A stream's numbers depend on the seed, its name and its
// entity and on nothing else, so that no policy, metric or observer can shift what another draws, and two policies
// flown on the same tape meet the same world.

import seedrandom from 'seedrandom'

const WEYL = 0x9e3779b9
const PER_2_53 = 1 / 9007199254740992
const PER_2_32 = 1 / 4294967296

export class Tape {
  private readonly root: Key
  private readonly names = new Map<string, Key>()

  /** The seeds 7 and '7' are the same tape. */
  constructor(readonly seed: string | number) {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed)) throw new RangeError(`seed ${seed} is not an integer`)
    const generator = seedrandom.alea(`coalmine tape ${seed}`)
    this.root = { low: generator.int32(), high: generator.int32() }
  }

  /** Asked for again, a stream starts again. An entity is an integer or a text; 1 and '1' are two entities. */
  stream(name: string, entity?: string | number): Stream {
    const key = this.names.get(name) ?? this.keyOf(name)
    if (entity === undefined) return new Stream(key.low, key.high)
    if (typeof entity === 'string') {
      const text = hashOf(entity)
      return streamOf(key, text.low, text.high)
    }
    if (!Number.isSafeInteger(entity)) throw new RangeError(`entity ${entity} of stream ${name} is not an integer`)
    return streamOf(key, entity | 0, highWord(entity))
  }

  private keyOf(name: string): Key {
    const text = hashOf(name)
    const low = mix(this.root.low + text.low)
    const key = { low, high: mix((this.root.high + text.high) ^ low) }
    this.names.set(name, key)
    return key
  }
}

/**
 * A counter-based generator: each word is a hash of a counter under a 64-bit key, so a stream costs nothing to make and
 * any of its blocks can be reached at once. Three multiplications a word: with two, PractRand found gaps after 1 GB;
 * with three it found nothing in 8 GB of one block or of 64 streams by turns, nor in 1 GB of the first words of
 * successive entities or blocks; one block, entities and blocks also pass TestU01's SmallCrush. 2 ns a word.
 */
export class Stream {
  private start = 0
  private twist = 0
  private counter = 0

  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {
    this.seek(0)
  }

  /**
   * Goes to the start of a block, an integer from 0: what draw number k takes from block k doesn't depend on how much
   * earlier draws took. A block is a sequence of its own, not a place in a common one: it can't run into the next.
   */
  seek(block: number): void {
    if (!Number.isSafeInteger(block)) throw new RangeError(`block ${block} is not an integer`)
    this.start = mix(this.low + (block | 0))
    this.twist = mix((this.high + highWord(block)) ^ this.start)
    this.counter = this.start
  }

  /** 32 random bits, as an integer from 0 to 2^32 - 1. */
  bits(): number {
    const counter = (this.counter + WEYL) | 0
    this.counter = counter
    // After 2^32 words the counter has come round.
    if (counter === this.start) this.twist = mix(this.twist + 1)
    let h = Math.imul(counter ^ (counter >>> 17), 0xed5ad4bb)
    h = Math.imul((h ^ (h >>> 11)) + this.twist, 0xac4c1b51)
    h = Math.imul(h ^ (h >>> 15), 0x31848bab)
    // Adding the counter lets words repeat as often as chance would have it; the hash alone never repeats one.
    return ((h ^ (h >>> 14)) + counter) >>> 0
  }

  /** From [0, 1), with 53 random bits. */
  uniform(): number {
    const high = this.bits() >>> 5
    return (high * 67108864 + (this.bits() >>> 6)) * PER_2_53
  }

  /** From [0, 1), with 32 random bits, at half the price: for choices, not for tails. */
  uniform32(): number {
    return this.bits() * PER_2_32
  }
}

interface Key {
  readonly low: number
  readonly high: number
}

function streamOf(key: Key, entityLow: number, entityHigh: number): Stream {
  const low = mix(key.low + entityLow)
  return new Stream(low, mix((key.high + entityHigh) ^ low))
}

// Two independent 32-bit hashes of a text, because one would give two of some ten thousand entities the same stream.
function hashOf(text: string): Key {
  let low = WEYL
  let high = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 0x85ebca6b)
    high = Math.imul(high ^ (high >>> 15), 0xc2b2ae35) + code
  }
  return { low: mix(low ^ (high >>> 16)), high: mix(high ^ (low >>> 15)) }
}

// The finaliser of MurmurHash3 with the less biased constants of Chris Wellons' hash-prospector.
function mix(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return h ^ (h >>> 15)
}

function highWord(integer: number): number {
  return Math.floor(integer * PER_2_32) | 0
}

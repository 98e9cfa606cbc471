// Orders samples as Prometheus does, ties and NaN included, because results reach people in that order.

export interface Ranked<Item> {
  readonly item: Item
  readonly value: number
}

type Less = (a: number, b: number) => boolean

/** Smallest first. NaN is less than everything, itself included: the comparison Prometheus uses, odd as it is. */
export const ascending: Less = (a, b) => Number.isNaN(a) || a < b
export const descending: Less = (a, b) => Number.isNaN(a) || a > b

/** Go sorts up to so many elements by insertion, which keeps ties in order; above, ties fall as they may. */
const INSERTION_LIMIT = 12

/** Sorts in place from last to first by `less`: sort() passes `descending`, and so NaN comes last. */
export function sortReversed<Item>(items: Ranked<Item>[], less: Less): void {
  if (items.length > INSERTION_LIMIT) {
    items.sort((a, b) => (less(b.value, a.value) ? -1 : less(a.value, b.value) ? 1 : 0))
    return
  }
  for (let i = 1; i < items.length; i++) {
    for (let j = i; j > 0 && less(items[j - 1]!.value, items[j]!.value); j--) swap(items, j, j - 1)
  }
}

/** The first k by `less` reversed, kept in a heap whose top is the next to go. */
export class Best<Item> {
  readonly heap: Ranked<Item>[] = []

  constructor(
    readonly limit: number,
    readonly less: Less,
  ) {}

  offer(item: Item, value: number): void {
    const { heap, less } = this
    if (heap.length < this.limit) {
      heap.push({ item, value })
      this.#up(heap.length - 1)
    } else if (beats(value, heap[0]!.value, less)) {
      heap[0] = { item, value }
      this.#down()
    }
  }

  sorted(): Ranked<Item>[] {
    sortReversed(this.heap, this.less)
    return this.heap
  }

  #up(from: number): void {
    const { heap, less } = this
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!less(heap[child]!.value, heap[parent]!.value)) return
      swap(heap, child, parent)
      child = parent
    }
  }

  #down(): void {
    const { heap, less } = this
    for (let parent = 0; ; ) {
      let child = 2 * parent + 1
      if (child >= heap.length) return
      if (child + 1 < heap.length && less(heap[child + 1]!.value, heap[child]!.value)) child++
      if (!less(heap[child]!.value, heap[parent]!.value)) return
      swap(heap, child, parent)
      parent = child
    }
  }
}

function beats(value: number, worst: number, less: Less): boolean {
  if (Number.isNaN(worst)) return !Number.isNaN(value)
  return !Number.isNaN(value) && less(worst, value)
}

function swap<Item>(items: Item[], a: number, b: number): void {
  const item = items[a]!
  items[a] = items[b]!
  items[b] = item
}

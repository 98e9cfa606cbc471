// Scenarios that say a bit less than another one, as texts: what a search for the smallest tries, comments kept.
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'
import { count, duration, rate, type Unit } from '../../scenario/units.js'

type Path = readonly (string | number)[]

/** What a scenario is: without these it would be none, or another one. */
const kept = ['teaches', 'policy', 'budgets', 'duration']

/** Shorter, with less traffic. Below the least it wouldn't be easier to read. */
const quantities: readonly (readonly [path: Path, unit: Unit<number>, least: number])[] = [
  [['duration'], duration, 60_000],
  [['release', 'at'], duration, 60_000],
  [['traffic', 'rate'], rate, 1],
  [['traffic', 'users'], count, 10],
]
const parts = [0.5, 0.75]

/** Each is made when it is asked for; undefined where it would be no YAML. Large parts first. */
export function smallerThan(text: string): readonly (() => string | undefined)[] {
  const document = parseDocument(text)
  const removals = removableIn(document.contents).map((paths) => () => without(text, paths))
  const reductions = quantities.flatMap((quantity) => parts.map((part) => () => reduced(text, quantity, part)))
  return [...removals, ...reductions]
}

/** The smallest that is still as it should be, step by step: no single step would make it smaller. */
export function smallest(text: string, isStill: (text: string) => boolean): string {
  let current = text
  for (let hasShrunk = true; hasShrunk; ) {
    hasShrunk = false
    let candidates = smallerThan(current)
    for (let index = 0; index < candidates.length; ) {
      const smaller = candidates[index]!()
      if (smaller !== undefined && isStill(smaller)) {
        current = smaller
        candidates = smallerThan(current)
        hasShrunk = true
      } else index++
    }
  }
  return current
}

/** Outer ones before what is inside them, and of lists halves before single items. */
function removableIn(contents: Node | null): readonly (readonly Path[])[] {
  const found: (readonly Path[])[] = []
  let level: readonly (readonly [Path, unknown])[] = [[[], contents]]
  while (level.length > 0) {
    const inside: (readonly [Path, unknown])[] = []
    for (const [path, node] of level) {
      const children = childrenOf(path, node)
      const paths = children.map(([child]) => child)
      if (isSeq(node) && paths.length > 3) {
        const middle = Math.ceil(paths.length / 2)
        found.push(paths.slice(middle), paths.slice(0, middle))
      }
      found.push(...paths.map((each) => [each]))
      inside.push(...children)
    }
    level = inside
  }
  return found
}

function childrenOf(path: Path, node: unknown): readonly (readonly [Path, unknown])[] {
  if (isSeq(node)) return node.items.map((item, index) => [[...path, index], item])
  if (!isMap(node)) return []
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : undefined
    if (name === undefined || (path.length === 0 && kept.includes(name))) return []
    return [[[...path, name], value]]
  })
}

function without(text: string, paths: readonly Path[]): string | undefined {
  const document = parseDocument(text)
  // From the last to the first: what follows moves up.
  for (const path of paths.toReversed()) document.deleteIn(path)
  return written(document)
}

function reduced(text: string, [path, unit, least]: (typeof quantities)[number], part: number): string | undefined {
  const document = parseDocument(text)
  const value = document.getIn(path)
  const parsed = typeof value === 'string' || typeof value === 'number' ? unit.parse(String(value)) : undefined
  if (!parsed?.ok) return undefined
  const smaller = Number((parsed.value * part).toPrecision(2))
  if (smaller < least || smaller >= parsed.value) return undefined
  document.setIn(path, unit.format(smaller))
  return written(document)
}

/** Lines are left as long as they are. */
function written(document: Document.Parsed): string | undefined {
  let isWhole = true
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) isWhole = false
    },
  })
  return isWhole ? document.toString({ lineWidth: 0, flowCollectionPadding: false }) : undefined
}

// What commands print on: a stream as somebody looks on, or nothing in particular, such as a file.
import { existsSync, readFileSync } from 'node:fs'
import type { Page } from '../report/page.js'
import { noColours } from '../report/paint.js'
import { usualMarker } from './option-values.js'
import { paintFor } from './tell.js'

/** Without colours, and as wide as it gets. */
export const plainPage: Page = {
  paint: noColours,
  columns: Number.POSITIVE_INFINITY,
  marker: usualMarker,
  rulePage,
}

export function pageFor(stream: NodeJS.WriteStream): Page {
  return { ...plainPage, paint: paintFor(stream), columns: columnsOf(stream) }
}

/** Only a terminal has any; narrower than this nothing would fit. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? Math.max(40, columns) : Number.POSITIVE_INFINITY
}

/** Pages come with the program. */
function rulePage(id: string): string | undefined {
  const page = new URL(`../../../docs/rules/${id}.md`, import.meta.url)
  return existsSync(page) ? readFileSync(page, 'utf8') : undefined
}

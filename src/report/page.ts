// Where something is printed, and what that asks for beyond what is told; and the ways of telling there are for it.
import type { Paint } from './paint.js'

export interface Page {
  readonly paint: Paint
  /** Infinity where nothing is narrow. */
  readonly columns: number
  /** By which a bot finds the comment that it wrote before. */
  readonly marker: string
  /** The Markdown page of a rule of `check`, where there is one. */
  rulePage(id: string): string | undefined
}

/** By name; without the line end behind the last line. */
export type Formats<Told, Name extends string = string> = Readonly<Record<Name, (told: Told, page: Page) => string>>

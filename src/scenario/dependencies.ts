// The services that those who serve the requests call in turn.
import { z } from 'zod'
import { quantity } from './quantity.js'
import { percentage } from './units.js'

export interface Dependency {
  readonly name: string
  /** Of the requests of its routes, on whichever version. */
  readonly shareRatio: number
  /** Without any, all. */
  readonly routes?: readonly string[]
}

export const dependency = z
  .strictObject({
    name: z.string().min(1).describe('What faults call it.'),
    share: quantity(percentage, {
      doc: 'Of the requests of its routes, so many call it (default 100%).',
      positive: true,
    }).optional(),
    routes: z
      .array(z.string().min(1).describe('A route of `traffic.routes`.'))
      .min(1)
      .describe('Only requests of these routes call it (default: all).')
      .optional(),
  })
  .describe('A service that both versions call, and that faults can strike.')

export function dependencyFrom({ name, share, routes }: z.output<typeof dependency>): Dependency {
  return { name, shareRatio: share ?? 1, ...(routes === undefined ? {} : { routes }) }
}

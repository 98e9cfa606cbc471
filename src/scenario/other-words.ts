// Words that people write where another one is meant, and that are too far from it to be slips of the fingers.
import { z } from 'zod'

/** Of a part of the schema: by the word, what to write instead. */
export const otherWords = z.registry<{ readonly hints: ReadonlyMap<string, string> }>()

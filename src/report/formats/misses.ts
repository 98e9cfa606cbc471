// How often a release is missed, as it is printed.
import type { Misses } from '../../study/rare/misses.js'
import { missesText } from '../misses.js'
import type { Formats } from '../page.js'

export const missesFormats: Formats<Misses, 'text' | 'json'> = {
  text: (misses, { paint }) => missesText(misses, paint),
  json: (misses) => JSON.stringify(misses),
}

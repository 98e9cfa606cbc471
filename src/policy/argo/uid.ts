// What the API server would call an object besides its name: random there, and made from the name here.
import { fnv1a } from '../pod-template.js'

export function uidOf(kind: string, name: string): string {
  const words = [0, 1, 2, 3].map((part) => fnv1a(`${kind}/${name}/${part}`).toString(16).padStart(8, '0'))
  const digits = words.join('')
  // Version 4, variant 1: the two digits that aren't random.
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-')
}

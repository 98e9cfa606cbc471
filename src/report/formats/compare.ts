// The comparison of two policies as it is printed.
import type { Comparison } from '../../study/compare/comparison.js'
import { compareText } from '../compare.js'
import { compareMarkdown } from '../compare-markdown.js'
import type { Formats } from '../page.js'

export const compareFormats: Formats<Comparison, 'text' | 'json' | 'markdown'> = {
  text: (comparison, { paint, columns }) => compareText(comparison, paint, columns),
  json: (comparison) => JSON.stringify(comparison),
  markdown: (comparison, { marker }) => compareMarkdown(comparison, marker),
}

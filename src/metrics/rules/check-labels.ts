// Names that labels and annotations of rules may have; a label can't rename the series.
import { METRIC_NAME } from '../labels.js'
import type { Fields } from './fields.js'

export function checkLabels(fields: Fields, labels: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(labels)) {
    if (name !== '' && name !== METRIC_NAME) continue
    const hint = name === '' ? 'A label needs a name.' : 'The series is called what `record` says.'
    fields.error('rules-label', ['labels', name], `invalid label name: ${JSON.stringify(name)}`, { hint })
  }
}

export function checkAnnotations(fields: Fields, annotations: Readonly<Record<string, string>>): void {
  if (!Object.hasOwn(annotations, '')) return
  fields.error('rules-label', ['annotations', ''], 'invalid annotation name: ""', { hint: 'It needs a name.' })
}

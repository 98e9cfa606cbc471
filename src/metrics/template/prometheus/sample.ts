// What the function `query` answers, as templates see it: a list of samples with Labels and Value.
import type { MapValue, SliceValue, StructValue, Type, Value } from '../value/shape.js'
import { pointerTo, sliceOf, structOf } from '../value/type.js'
import { anyOf, elementsOf, floatOf, labelsOf, pointerOf, sliceValue } from '../value/value.js'

export interface TemplateSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const SAMPLE = structOf('template.sample', ['Labels', 'Value'], false)
export const SAMPLE_POINTER: Type = pointerTo(SAMPLE)
export const RESULT: Type = sliceOf(SAMPLE_POINTER, 'template.queryResult')

export function resultOf(samples: readonly TemplateSample[]): Value {
  return sliceValue(
    RESULT,
    samples.map(({ labels, value }) =>
      pointerOf({ kind: 'struct', type: SAMPLE, value: [labelsOf(labels), anyOf(floatOf(value))] }),
    ),
  )
}

/** In place, as the list it is given is another name of the same one. */
export function sortByLabel(label: string, result: SliceValue): void {
  if (result.value === undefined) return
  const sorted = [...elementsOf(result)].sort((a, b) => {
    const [left, right] = [labelOf(label, a), labelOf(label, b)]
    return left < right ? -1 : left > right ? 1 : 0
  })
  const { array, from } = result.value
  sorted.forEach((sample, index) => {
    array[from + index] = sample
  })
}

/** Of a pointer to a sample. An absent label is empty. */
export function labelOf(label: string, sample: Value): string {
  const [labels] = membersOf(sample)
  const found = (labels as MapValue).value?.get(label)
  return found?.kind === 'string' ? found.value : ''
}

export function valueIn(sample: Value): Value {
  return membersOf(sample)[1]!
}

function membersOf(sample: Value): readonly Value[] {
  return sample.kind === 'pointer' && sample.value !== undefined ? (sample.value as StructValue).value : []
}

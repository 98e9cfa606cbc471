// The formats in which people have what arrived when.
export const logFormats = [
  'common',
  'combined',
  'json',
  'envoy',
  'envoy-json',
  'csv',
  'prometheus-rate',
  'prometheus-counter',
] as const

export type LogFormat = (typeof logFormats)[number]

/** Whether people name the fields of a line as they like. */
export function hasFields(format: LogFormat): boolean {
  return format === 'json' || format === 'csv'
}

// Rule groups and the alerts that are active.

import { plainJson } from './json.js'
import type { Data } from './reply.js'

export function rules(): Data {
  return { json: plainJson({ groups: [] }) }
}

export function alerts(): Data {
  return { json: plainJson({ alerts: [] }) }
}

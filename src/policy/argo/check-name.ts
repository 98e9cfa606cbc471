// Names as Kubernetes allows them.
import { type Fields, pathText } from '../fields.js'

/** Undefined for what is one. */
export function complaintOfLabel(name: string): string | undefined {
  if (name.length > 63) return 'must be no more than 63 characters'
  if (label.test(name)) return undefined
  return `${rule('label', "alphanumeric characters or '-'")} (e.g. 'my-name',  or '123-abc', regex used for validation is '${part}')`
}

/** The name of an object, where it is given. */
export function checkObjectName(metadata: Fields): void {
  const name = metadata.text('name')
  if (!name) return
  const complaint = name.length > 253 ? 'must be no more than 253 characters' : complaintOfSubdomain(name)
  if (complaint === undefined) return
  const path = pathText([...metadata.path, 'name'])
  metadata.error('name', 'invalid-spec', `${path}: Invalid value: ${JSON.stringify(name)}: ${complaint}`)
}

function complaintOfSubdomain(name: string): string | undefined {
  return subdomain.test(name) ? undefined : rule('subdomain', "alphanumeric characters, '-' or '.'")
}

function rule(kind: string, characters: string): string {
  return `a lowercase RFC 1123 ${kind} must consist of lower case ${characters}, and must start and end with an alphanumeric character`
}

const part = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const label = new RegExp(`^${part}$`)
const subdomain = new RegExp(`^${part}(\\.${part})*$`)

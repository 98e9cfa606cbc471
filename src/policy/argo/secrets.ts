// The Secrets of a policy, as arguments with a `secretKeyRef` read them.
import type { Problems } from '../../scenario/problem.js'
import { Fields } from '../fields.js'
import { decodeBase64 } from './condition/builtin/base64.js'
import { Panic } from './condition/value/panic.js'
import type { SecretLookup } from './metric.js'
import type { Objects } from './objects.js'

export function readSecrets(objects: Objects, namespace: string, problems: Problems): SecretLookup {
  const secrets = new Map<string, ReadonlyMap<string, string>>()
  for (const manifest of objects.within(namespace, 'Secret')) {
    const top = Fields.of(manifest, problems)
    secrets.set(manifest.name, new Map([...readData(top), ...textsOf(top.fields('stringData'))]))
  }
  return ({ name, key }) => {
    const secret = secrets.get(name)
    if (!secret) return { error: `secrets ${JSON.stringify(name)} not found` }
    return secret.get(key) ?? { error: `key '${key}' does not exist in secret '${name}'` }
  }
}

function readData(top: Fields): readonly (readonly [string, string])[] {
  const data = top.fields('data')
  return textsOf(data).map(([key, text]) => {
    try {
      return [key, decodeBase64(text)]
    } catch (error) {
      if (!(error instanceof Panic)) throw error
      data!.error(key, 'secret-not-base64', error.message, 'Write plain text under stringData instead.')
      return [key, '']
    }
  })
}

function textsOf(fields: Fields | undefined): readonly (readonly [string, string])[] {
  return (fields?.keys() ?? []).map((key) => [key, fields!.text(key) ?? ''])
}

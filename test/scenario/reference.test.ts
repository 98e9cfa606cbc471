// docs/scenario.md is written from the schema, so that no field is missing there and no sentence is out of date.
import { expect, it } from 'vitest'
import { jsonSchema } from '../../src/scenario/schema.js'

interface Field {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Field>>
  readonly required?: readonly string[]
  readonly items?: Field
  readonly additionalProperties?: Field
  readonly anyOf?: readonly Field[]
  readonly $ref?: string
  readonly examples?: readonly unknown[]
}

const opening = `# The scenario file

Every field, as \`coalmine schema\` knows it. Quantities are written with their units: \`90s\`, \`1m30s\`, \`400/s\`, \`0.1%\`,
\`50k\`. Fields in **bold** are required.

`

it('docs/scenario.md lists every field of the schema with its sentence', async () => {
  const schema = jsonSchema() as Field & { readonly $defs?: Readonly<Record<string, Field>> }
  const rows: string[] = []
  const walk = (field: Field, path: string, depth: number) => {
    const target = resolve(field, schema.$defs ?? {})
    for (const [key, inner] of Object.entries(target.properties ?? {})) {
      const name = path === '' ? key : `${path}.${key}`
      const shown = target.required?.includes(key) ? `**\`${name}\`**` : `\`${name}\``
      const { description } = { ...resolve(inner, schema.$defs ?? {}), ...inner }
      rows.push(`| ${shown} | ${description ?? ''} |`)
      walk(inner, name, depth + 1)
    }
    if (target.additionalProperties) {
      const { description } = resolve(target.additionalProperties, schema.$defs ?? {})
      if (description) rows.push(`| \`${path}.*\` | ${description} |`)
      walk(target.additionalProperties, `${path}.*`, depth + 1)
    }
    if (target.items) walk(target.items, `${path}[]`, depth)
    for (const choice of target.anyOf ?? []) walk(choice, path, depth)
  }
  walk(schema, '', 0)
  for (const row of rows) expect(row).not.toMatch(/\| {2}\|$/)
  await expect(`${opening}| Field | |\n|---|---|\n${rows.join('\n')}\n`).toMatchFileSnapshot('../../docs/scenario.md')
})

function resolve(field: Field, definitions: Readonly<Record<string, Field>>): Field {
  return field.$ref ? (definitions[field.$ref.split('/').at(-1)!] ?? field) : field
}

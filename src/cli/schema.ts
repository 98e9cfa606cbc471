// `coalmine schema`: the JSON Schema of scenario files.
import { jsonSchema } from '../scenario/schema.js'

export function schema(): void {
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
}

// What an unquoted word in a rule file means to Prometheus, which reads it with go.yaml.in/yaml v3: text as it stands
// there, as every field is of text; only what is nothing is nothing.
import { Scalar, type ScalarTag } from 'yaml'

const NOTHING = new Set(['', '~', 'null', 'Null', 'NULL'])

/** For `customTags`. An explicit tag other than !!str and !!null changes nothing for a field of text. */
export const prometheusTags: ScalarTag[] = [
  { tag: '!plain', default: true, test: /^/, resolve: (text) => (NOTHING.has(text) ? new Scalar(null) : text) },
  { tag: 'tag:yaml.org,2002:str', default: false, resolve: (text) => text },
  { tag: 'tag:yaml.org,2002:null', default: false, resolve: () => new Scalar(null) },
  ...['bool', 'int', 'float', 'timestamp'].map(
    (name): ScalarTag => ({ tag: `tag:yaml.org,2002:${name}`, default: false, resolve: (text) => text }),
  ),
]

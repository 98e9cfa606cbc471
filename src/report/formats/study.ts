// Many flights of one scenario as they are printed.
import type { Study } from '../../study/study.js'
import type { Formats } from '../page.js'
import { studyText } from '../study.js'

export const studyFormats: Formats<Study, 'text' | 'json'> = {
  text: (study, { paint }) => studyText(study, paint),
  json: (study) => JSON.stringify(study),
}

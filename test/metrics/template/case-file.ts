// Reads cases/template.txt: what is given, templates, and what Prometheus makes of them. See cases/README.md.
import { readFileSync } from 'node:fs'
import type { TemplateAnswer } from './expanded.js'
import type { TemplateQuestion } from './random-template.js'

export interface TemplateCase {
  readonly line: number
  readonly question: TemplateQuestion
  readonly expected: TemplateAnswer
}

export function readTemplateCases(): readonly TemplateCase[] {
  const cases: TemplateCase[] = []
  let given: Partial<TemplateQuestion> = {}
  const lines = readFileSync(new URL('../cases/template.txt', import.meta.url), 'utf8').split('\n')
  lines.forEach((line, index) => {
    const [, word, rest = ''] = /^(given|expand) (.*)$/.exec(line) ?? []
    if (word === 'given') given = { ...given, ...JSON.parse(rest) }
    if (word !== 'expand') return
    const question = { ...(given as TemplateQuestion), text: written(rest) }
    cases.push({ line: index + 1, question, expected: readAnswer(lines[index + 1]!, question) })
  })
  return cases
}

function readAnswer(line: string, { alert }: TemplateQuestion): TemplateAnswer {
  const [, kind, rest] = /^ {2}(text|error|refused): (.*)$/.exec(line)!
  const message = written(rest!)
  if (kind === 'text') return { text: message }
  if (kind === 'error') return { error: `error executing template __alert_${alert}: ${message}` }
  return { check: message, error: `error parsing template __alert_${alert}: ${message}` }
}

/** In quotes where it has newlines, or spaces at an end. */
function written(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text
}

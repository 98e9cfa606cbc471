// Comments in manifests that switch a rule off: what they silence, and what is wrong with them.
import { nearName } from '../../scenario/near-name.js'
import type { Place } from '../../scenario/problem.js'
import type { Finding } from './finding.js'
import type { Rule } from './rule.js'

/** `# coalmine-ignore ID: reason`, of a line or the one below; `# coalmine-ignore-file ID: reason` of the file. */
const comment = /(?:^|\s)#\s*coalmine-ignore(-file)?(?![\w-])[ \t]*([\w-]*)[ \t]*(?::[ \t]*(.*?)|[ \t]#.*)?[ \t]*$/

interface Ignore extends Place {
  readonly ofFile: boolean
  readonly rule: string
  readonly reason: string
  /** The line that it is about, if not all of the file. */
  readonly about: number
}

/** A finding that somebody has switched off, and why. */
export interface Ignored {
  readonly finding: Finding
  readonly reason: string
}

export interface Heeded {
  readonly findings: readonly Finding[]
  readonly ignored: readonly Ignored[]
}

/** What is wrong with such comments is told as that of manifests is; whoever heeds them finds it. */
export const rulesOfComments: readonly Rule[] = [
  {
    id: 'ignore-without-reason',
    severity: 'warning',
    title: 'A comment switches a rule off and does not say why, so nobody will know when it may go.',
  },
  {
    id: 'ignore-unknown-rule',
    severity: 'warning',
    title: 'A comment wants to switch a rule off that there is not, and silences nothing.',
  },
  {
    id: 'ignore-unused',
    severity: 'note',
    title: 'A comment switches a rule off that finds nothing here any more.',
  },
]

export function heedComments(
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
  rules: readonly Rule[],
): Heeded {
  const comments = [...texts].flatMap(([file, text]) => commentsIn(file, text))
  const used = new Set<Ignore>()
  const ignored: Ignored[] = []
  const left = findings.filter((finding) => {
    const by = comments.find((each) => silences(each, finding))
    if (by === undefined) return true
    used.add(by)
    ignored.push({ finding, reason: by.reason })
    return false
  })
  const complaints = comments.flatMap((each) => complaintOn(each, used.has(each), rules))
  return { findings: [...left, ...complaints], ignored }
}

/** Without a reason nothing is silenced. */
function silences({ file, ofFile, rule, reason, about }: Ignore, finding: Finding): boolean {
  if (reason === '' || rule !== finding.rule || file !== finding.file) return false
  return ofFile || about === finding.line
}

function commentsIn(file: string, text: string): readonly Ignore[] {
  if (!text.includes('coalmine-ignore')) return []
  const lines = text.split(/\r\n|[\r\n]/)
  return lines.flatMap((line, index) => {
    const found = comment.exec(line)
    if (!found) return []
    const [, ofFile, rule = '', reason = ''] = found
    const column = line.indexOf('#', found.index) + 1
    const about = isOnlyComment(line) ? nextLine(lines, index) : index
    return [{ file, line: index + 1, column, ofFile: ofFile !== undefined, rule, reason, about: about + 1 }]
  })
}

/** Comments may stand above each other. */
function nextLine(lines: readonly string[], index: number): number {
  let next = index + 1
  while (next < lines.length && isOnlyComment(lines[next]!)) next++
  return next
}

function isOnlyComment(line: string): boolean {
  return /^\s*#/.test(line)
}

function complaintOn(
  { file, line, column, rule, reason, ofFile }: Ignore,
  isUsed: boolean,
  rules: readonly Rule[],
): readonly Finding[] {
  const complain = (id: string, message: string, mend: string): readonly Finding[] => {
    const { severity, title } = rulesOfComments.find((each) => each.id === id)!
    return [{ file, line, column, rule: id, severity, message, why: title, mend, flown: null }]
  }
  const ids = rules.map(({ id }) => id)
  if (!ids.includes(rule)) {
    const near = nearName(rule, ids)
    const mend = near === undefined ? 'docs/rules/README.md lists the rules.' : `Did you mean ${near}?`
    return complain('ignore-unknown-rule', rule === '' ? 'no rule is named' : `there is no rule ${rule}`, mend)
  }
  const written = `# coalmine-ignore${ofFile ? '-file' : ''} ${rule}: …`
  if (reason === '') {
    return complain('ignore-without-reason', `no reason is given to ignore ${rule}`, `Write it as \`${written}\`.`)
  }
  const where = ofFile ? 'in this file' : 'here'
  return isUsed ? [] : complain('ignore-unused', `${rule} finds nothing ${where}`, 'Remove the comment.')
}

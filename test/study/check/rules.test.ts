// Every rule of `check` has a page in docs/rules: what the page says of it is so, and its manifests show it.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../src/study/check/rule.js'
import { rules } from '../../../src/study/check/rules/rules.js'
import { findingsIn, findingsOf, subjectOf } from './findings-of.js'
import { folder, manifestsOn, pageOf, pages, scenarioOn } from './pages.js'

it('every rule has a page, every page a rule, and no two rules one id', () => {
  const ids = rules.map(({ id }) => id).sort()
  expect(ids).toEqual([...new Set(ids)])
  expect([...pages].sort()).toEqual(ids)
})

it('docs/rules/README.md lists the rules', async () => {
  await expect(listOf(rules)).toMatchFileSnapshot(new URL('README.md', folder).pathname)
})

it('the README says how many there are', () => {
  const said = /\[(\d+) rules\]/.exec(readFileSync('README.md', 'utf8'))?.[1]
  expect(Number(said)).toBe(rules.length)
})

describe.each(rules.filter(({ id }) => pages.includes(id)).map((rule) => [rule.id, rule] as const))(
  '%s',
  (id, rule) => {
    const page = pageOf(id)

    it('is on its page what it is', () => {
      const { severity, title, versions = 'every version' } = rule
      const head = [`# ${id}`, '', title, '', `**Severity** ${severity} · **Applies to** ${versions}`, '', '']
      expect(page.slice(0, head.join('\n').length)).toBe(head.join('\n'))
      expect(page).toMatch(/\nWhat to do: /)
      expect(manifestsOn(page, 'bad'), 'manifests that are bad').not.toEqual([])
      expect(manifestsOn(page, 'good'), 'manifests that are good').not.toEqual([])
    })

    it.each(manifestsOn(page, 'bad').map((text) => [text]))('finds what is marked, and nothing else', (text) => {
      const marked = text.split('\n').flatMap((line, index) => (line.includes('# <- here') ? [index + 1] : []))
      expect(marked, 'lines with the mark `# <- here`').not.toEqual([])
      const lines = findingsOf(text, scenarioOn(page)).flatMap((finding) => (finding.id === id ? [finding.line] : []))
      expect([...new Set(lines)].sort((one, other) => one - other)).toEqual(marked)
    })

    it.each(manifestsOn(page, 'good').map((text) => [text]))(
      'finds nothing where it is mended, and that can be flown',
      (text) => {
        const read = subjectOf(text, scenarioOn(page))
        expect(findingsIn(read, text).filter((finding) => finding.id === id)).toEqual([])
        expect(read.problems.filter(({ severity }) => severity === 'error')).toEqual([])
      },
    )
  },
)

function listOf(all: readonly Rule[]): string {
  const rows = all.map(
    ({ id, severity, title, versions = 'every version' }) =>
      `| [\`${id}\`](${id}.md) | ${severity} | ${title} | ${versions} |`,
  )
  return `# The rules of \`coalmine check\`

Each has a page with manifests that it finds something in, and the same mended. An error does harm or never ends, a
warning misleads, a note is worth knowing. A comment in a manifest switches a rule off, on the line or the line above:
\`# coalmine-ignore ID: reason\`; anywhere in a file for all of it: \`# coalmine-ignore-file ID: reason\`.

| Rule | Severity | What is wrong | Applies to |
|---|---|---|---|
${rows.join('\n')}
`
}

// The pages of docs/rules, and the manifests on them.
import { readdirSync, readFileSync } from 'node:fs'

export const folder = new URL('../../../docs/rules/', import.meta.url)

/** The ids of the rules that have a page. */
export const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.replace(/\.md$/, ''))

export function pageOf(id: string): string {
  return readFileSync(new URL(`${id}.md`, folder), 'utf8')
}

export function manifestsOn(page: string, kind: 'bad' | 'good'): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`yaml ${kind}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text!)
}

/** Lines of the scenario that they are found in; none where the world is assumed. */
export function scenarioOn(page: string): string {
  return /^```yaml scenario\n(.*?)^```$/ms.exec(page)?.[1] ?? ''
}

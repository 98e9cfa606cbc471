// The scenarios under the paths that somebody names: files as they are, and what lies in folders if it is one.
import { type Files, pathIn } from '../../scenario/files.js'
import { limits } from '../../scenario/limits.js'
import { isScenario } from '../../scenario/load.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { textOf } from '../../scenario/text-file.js'

/** In the order of the paths, and by name inside folders; each once. */
export function findScenarios(paths: readonly string[], files: Files, problems: Problems): readonly string[] {
  const found = new Set<string>()
  for (const path of paths) {
    const content = files.read(path, limits.scenarioBytes)
    if ('directory' in content) search({ files, problems, found, read: 0 }, path, content.directory)
    else if (textOf(path, content, limits.scenarioBytes, wholeFile(path), files, problems) !== undefined) {
      if (isScenario(path, files)) found.add(pathIn('.', path))
      else tellOther(path, problems)
    }
  }
  return [...found]
}

interface Search {
  readonly files: Files
  readonly problems: Problems
  readonly found: Set<string>
  read: number
}

function search(searching: Search, folder: string, names: readonly string[]): void {
  const { files, problems, found } = searching
  for (const name of names.toSorted()) {
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = pathIn(folder, name)
    const isYaml = /\.ya?ml$/.test(name)
    // Only folders have names without an ending that matters.
    if (!isYaml && name.includes('.')) continue
    if (++searching.read > limits.filesSearched) {
      if (searching.read === limits.filesSearched + 1) tellTooMany(folder, problems)
      return
    }
    const content = files.read(path, isYaml ? limits.scenarioBytes : 0)
    if ('directory' in content) search(searching, path, content.directory)
    else if (isYaml && 'text' in content && mayBeScenario(content.text) && isScenario(path, files)) found.add(path)
  }
}

/** What is worth being read as YAML. */
function mayBeScenario(text: string): boolean {
  return /^["']?(policy|teaches)["']?\s*:/m.test(text)
}

function tellOther(path: string, problems: Problems): void {
  const hint = 'A scenario has `policy` and `teaches`: `coalmine init` writes one for manifests.'
  problems.error('not-a-scenario', wholeFile(path), 'this is no scenario', { hint })
}

function tellTooMany(folder: string, problems: Problems): void {
  const message = `more than ${limits.filesSearched} files and folders under \`${folder}\``
  problems.error('limit-files', wholeFile(folder), message, { hint: 'Name the folder that holds the scenarios.' })
}

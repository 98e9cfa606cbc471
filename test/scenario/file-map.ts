// A file system in a map from path to text, with the directories that follow from it.
import type { FileContent, Files } from '../../src/scenario/files.js'

export function fileMap(texts: Readonly<Record<string, string>>): Files & { readonly reads: string[] } {
  const reads: string[] = []
  return {
    reads,
    read(path, maxBytes): FileContent {
      reads.push(path)
      const text = texts[path]
      if (text !== undefined) return text.length > maxBytes ? { tooLarge: text.length } : { text }
      const names = namesIn(path, Object.keys(texts))
      return names.length > 0 ? { directory: names } : { missing: true }
    },
  }
}

function namesIn(directory: string, paths: string[]): string[] {
  const prefix = directory === '.' ? '' : directory.replace(/\/?$/, '/')
  const inside = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length).split('/')[0]!)
  return [...new Set(inside)].reverse()
}

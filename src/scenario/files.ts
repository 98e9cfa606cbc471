// What the core knows of a file system: someone else reads, the core only asks by name.

export type FileContent =
  | { readonly text: string }
  /** The bytes are no UTF-8 text: what could be read before the first that isn't, and that byte. */
  | { readonly textBefore: string; readonly badByte: number }
  /** Its size in bytes, when that is more than was asked for; infinity where only the end would tell. */
  | { readonly tooLarge: number }
  | { readonly missing: true }
  /** Names (not paths) of what lies in it, in any order. */
  | { readonly directory: readonly string[] }
  /** Why it could not be read. */
  | { readonly unreadable: string }

export interface Files {
  read(path: string, maxBytes: number): FileContent
}

/** Whatever is read, is read once: standard input can't be read again, and files change. */
export interface Remembering extends Files {
  readonly known: ReadonlyMap<string, FileContent>
}

export function remembering(files: Files): Remembering {
  const known = new Map<string, FileContent>()
  return {
    known,
    read(path, maxBytes) {
      const content = known.get(path) ?? files.read(path, maxBytes)
      known.set(path, content)
      return content
    },
  }
}

/** A path written in a file, as seen from where that file lies. */
export function pathFrom(file: string, written: string): string {
  return ABSOLUTE.test(written) ? written : pathIn(directoryOf(file), written)
}

/** The path of a name in a directory, without the detours: `a/../b` is `b`. */
export function pathIn(directory: string, name: string): string {
  const parts: string[] = []
  for (const part of `${directory}/${name}`.split(/[/\\]/)) {
    const last = parts.at(-1)
    const isDetour = part === '.' || (part === '' && parts.length > 0) || (part === '..' && last === '')
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop()
    else if (!isDetour) parts.push(part)
  }
  return parts.join('/') || '.'
}

export function directoryOf(path: string): string {
  const end = lastSlash(path)
  return end < 0 ? '.' : end === 0 ? '/' : path.slice(0, end)
}

/** Of a scenario: its file without folder and ending. */
export function scenarioName(path: string): string {
  return baseName(path).replace(/\.ya?ml$/, '')
}

export function baseName(path: string): string {
  return path.slice(lastSlash(path) + 1)
}

const ABSOLUTE = /^([/\\]|[A-Za-z]:[/\\])/

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
}

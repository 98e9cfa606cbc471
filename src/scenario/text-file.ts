// The text of a file, or the problem that there is none.
import { baseName, directoryOf, type FileContent, type Files } from './files.js'
import { nearName } from './near-name.js'
import { type Place, type Problems, wholeFile } from './problem.js'

/** `mentioned` is where the path was written: a missing file is a problem of whoever named it. */
export function textOf(
  path: string,
  content: FileContent,
  maxBytes: number,
  mentioned: Place,
  files: Files,
  problems: Problems,
): string | undefined {
  if ('text' in content && content.text.length <= maxBytes) return content.text
  if ('missing' in content) {
    problems.error('file-missing', mentioned, `there is no file \`${path}\``, { hint: missingHint(path, files) })
  } else if ('directory' in content) {
    problems.error('file-is-directory', mentioned, `\`${path}\` is a directory, not a file`)
  } else if ('unreadable' in content) {
    problems.error('file-unreadable', mentioned, `\`${path}\` cannot be read: ${content.unreadable}`)
  } else if ('badByte' in content) {
    tellBadByte(path, content.textBefore, content.badByte, problems)
  } else {
    const size = 'text' in content ? content.text.length : content.tooLarge
    const limit = megabytes(maxBytes)
    const found =
      size === Number.POSITIVE_INFINITY
        ? `more than ${limit}, which is the limit`
        : `${megabytes(size)}: the limit is ${limit}`
    problems.error('limit-file-size', wholeFile(path), `this file has ${found}`)
  }
  return undefined
}

/** Silently replaced, it would be text that nobody wrote. */
function tellBadByte(file: string, textBefore: string, badByte: number, problems: Problems): void {
  const lines = textBefore.replace(/^\ufeff/, '').split(/\r\n|[\n\r\x85]/)
  const place = { file, line: lines.length, column: lines.at(-1)!.length + 1 }
  const isMarkOfUtf16 = textBefore === '' && badByte >= 0xfe
  const hint = isMarkOfUtf16 ? 'It looks like UTF-16: save it as UTF-8.' : 'Save it as UTF-8.'
  const byte = badByte.toString(16).toUpperCase().padStart(2, '0')
  problems.error('yaml-encoding', place, `this is no UTF-8 text: the byte 0x${byte} is no character here`, { hint })
}

function missingHint(path: string, files: Files): string | undefined {
  const directory = directoryOf(path)
  const listing = files.read(directory, 0)
  if (!('directory' in listing)) return undefined
  const near = nearName(baseName(path), [...listing.directory].sort())
  if (near !== undefined) return `Did you mean \`${near}\`?`
  const manifests = listing.directory.filter((name) => /\.(ya?ml|json)$/.test(name)).sort()
  if (manifests.length === 0) return undefined
  const shown = manifests.slice(0, MOST_NAMES).join(', ')
  return `In \`${directory}\` there are: ${shown}${manifests.length > MOST_NAMES ? ', …' : '.'}`
}

const MOST_NAMES = 8

function megabytes(bytes: number): string {
  return `${Math.ceil((bytes / (1024 * 1024)) * 10) / 10} MB`
}

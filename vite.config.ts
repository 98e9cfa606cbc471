// The program as it is shipped: in a few files, because hundreds of small ones take longer to find than to read, with
// the libraries that it needs at every start, and their licences beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  ssr: {
    noExternal: true,
    // Large, and needed by few.
    external: ['@kubernetes/client-node'],
  },
  build: {
    ssr: true,
    outDir: 'dist/program',
    target: 'node20',
    // Where it fails, its names say where.
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: 'src/cli/main.ts', worker: 'src/study/worker.ts' },
      // All as deep as their sources: they find the manual and each other by where they are.
      output: { entryFileNames: 'cli/[name].js', chunkFileNames: 'cli/[name].js' },
    },
  },
  plugins: [licences('THIRD-PARTY.txt')],
})

/** The words under which each library that is in the program may be passed on. */
function licences(fileName: string): Plugin {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
      const folders = modules.flatMap((id) => id.match(/^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/)?.[0] ?? [])
      const source = [...new Set(folders)].sort().map(licenceOf).join('\n')
      this.emitFile({ type: 'asset', fileName, source })
    },
  }
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const head = `${name} ${version} (${license})`
  return `${head}\n${'='.repeat(head.length)}\n\n${wordsIn(folder).trim()}\n`
}

/** In a file of their own, or at the end of the README. */
function wordsIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|notice)/i.test(file))
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const readme = join(folder, 'README.md')
  const words = existsSync(readme) && readFileSync(readme, 'utf8').match(/^LICENSE.*/ms)?.[0]
  if (!words) throw new Error(`${folder} has no licence to be passed on with`)
  return words
}

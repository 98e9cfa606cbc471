// Before the tests: builds the program, which the tests of the command line run as a person would.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' })
}

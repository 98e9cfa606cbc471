// What `coalmine report` takes, and what it says of itself.
import { type Command, Option } from 'commander'
import type { StoredFormat } from '../report/stored.js'
import { marker } from './option-values.js'

/** Written out, because what a command needs is loaded when it runs. */
const formats = ['text', 'json', 'markdown', 'github', 'junit', 'tap', 'sarif'] as const satisfies StoredFormat[]

export function addReport(program: Command, version: string): void {
  program
    .command('report')
    .description('tell again what other commands have stored as JSON, without a flight')
    .argument('<files...>', 'what run, check, test, compare and tune have printed as JSON; - is standard input')
    .addOption(new Option('--format <how>', 'how it is told').choices(formats).default('text'))
    .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
    .option('-o, --output <file>', 'where to write it, whole or not at all (default: standard output)')
    .option(
      '--marker <name>',
      'of a comparison, with --format markdown: what a bot finds the comment by (default: coalmine)',
      marker,
    )
    .addHelpText(
      'after',
      `
Text is to the byte what the command itself printed. Everything has text and json; tests also have markdown, github, junit
and tap, comparisons markdown, checks sarif and github. Nothing is flown, and nothing judged again: a failed test that is
told again ends with 0.

Examples:
  coalmine run scenarios/good-release.yaml --json > reports/run.json && coalmine report reports/run.json
  coalmine report reports/test.json --format junit -o reports/junit.xml
  coalmine report reports/compare.json --format markdown --marker shop
  coalmine check deploy/ --json | coalmine report - --format sarif -o coalmine.sarif

Exit codes: 0 told, whatever it says; 2 bad usage or input, among it a file of another version's schema, and a format that
what is stored doesn't have; 70 a defect of coalmine; 74 the output could not be written.`,
    )
    .action(async (files: string[], { json, ...options }, command: Command) => {
      const format = json ? 'json' : options.format
      if (options.marker !== undefined && format !== 'markdown')
        command.error("error: option '--marker <name>' needs --format markdown")
      await (await import('./report.js')).report(files, { ...options, format, version })
    })
}

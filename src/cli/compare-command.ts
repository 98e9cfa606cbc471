// What `coalmine compare` takes, and what it says of itself.
import { type Command, Option } from 'commander'
import { marker, part, positive, ratePerSecond, seed, usualMarker } from './option-values.js'

export function addCompare(program: Command, version: string): void {
  program
    .command('compare')
    .description('fly two policies on the same tapes, and say by how much they differ')
    .argument('<A>', 'manifests, a folder, or - for standard input; several separated by commas; or a scenario')
    .argument('<B>', 'the same of the other policy')
    .option(
      '--scenario <file>',
      'fly both in this world; again for another one (default: one that is assumed, with the faults of check)',
      another,
    )
    .addOption(
      new Option('--rate <rate>', 'requests a second in an assumed world (default: 100/s)')
        .argParser(ratePerSecond)
        .conflicts('scenario'),
    )
    .option('--seed <n>', 'the seed of the first run; by default the one in the (first) scenario', seed)
    .option('--runs <n>', 'fly so many seeds in each world (default: 500)', positive)
    .option(
      '--precision <part>',
      'fly until 95 % intervals of the differences reach no further than this part of the figures, such as 5%',
      part,
    )
    .option(
      '--workers <n>',
      'how many threads fly (default: as many as there are processors); the numbers are the same',
      positive,
    )
    .addOption(new Option('--format <how>', 'how it is printed').choices(['text', 'json', 'markdown']).default('text'))
    .option('--marker <name>', 'with --format markdown: what a bot finds the comment by', marker, usualMarker)
    .option(
      '--fail-if-worse <margin>',
      'end with 1 if B is worse beyond it: 5%, users.harmed:5%, detect:10%,missed:1%',
      another,
    )
    .showHelpAfterError('Two policies are compared: coalmine compare OLD NEW; see coalmine compare --help.')
    .addHelpText(
      'after',
      `
A scenario in place of a policy stands for the policy that it names; without --scenario also for the world of both.

Examples:
  coalmine compare old/ new/
  coalmine compare old/ new/ --scenario scenarios/caught-by-background-analysis.yaml
  coalmine compare old.yaml,services.yaml new.yaml,services.yaml --scenario a.yaml --scenario b.yaml
  kustomize build . | coalmine compare main/ - --scenario errors.yaml --format markdown --marker shop
  coalmine compare old/ new/ --scenario errors.yaml --fail-if-worse users.harmed:5%,missed:1%

--fail-if-worse without a metric is about users.harmed, detect, missed, false_abort and duration. Margins of missed and
false_abort are so many of all releases, those of other figures parts of A's. It is 95 % sure of all of them together.

Exit codes: 0 compared; 1 B is worse beyond the margin; 2 bad usage or input; 70 a defect of coalmine; 130 interrupted.`,
    )
    .action(async (first: string, second: string, options, command: Command) => {
      if (command.getOptionValueSource('marker') === 'cli' && options.format !== 'markdown')
        command.error("error: option '--marker <name>' needs --format markdown")
      const { MarginError, parseMargins } = await import('../study/compare/margin.js')
      try {
        const failIfWorse = options.failIfWorse && parseMargins(options.failIfWorse)
        await (await import('./compare.js')).compare(first, second, { ...options, failIfWorse, version })
      } catch (error) {
        if (error instanceof MarginError) command.error(`error: --fail-if-worse: ${error.message}`)
        throw error
      }
    })
}

/** An option that may be given several times. */
function another(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

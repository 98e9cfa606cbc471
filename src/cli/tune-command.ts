// The words of `coalmine tune` on the command line.
import { type Command, Option } from 'commander'
import { oneBudget, positive, seed } from './option-values.js'

export function addTune(program: Command, version: string): void {
  program
    .command('tune')
    .description('search the numbers of a policy for better ones, and write them into its manifests')
    .argument('<scenario>', 'the scenario file')
    .option(
      '--policy <files...>',
      'tune another policy in the same scenario: manifests, folders, or - for standard input',
    )
    .option('--knob <names...>', 'turn these only, by name or kind, such as weights, pauses or success-rate.interval')
    .option('--fix <names...>', 'leave these as they are')
    .option(
      '--budget <budget>',
      'a budget beside those of the scenario, such as "duration.p50 < 20m"; may be given again',
      oneBudget,
      [],
    )
    .option('--no-budgets', 'leave the budgets of the scenario out of it')
    .addOption(
      new Option(
        '--faults <which>',
        'what goes wrong: what does in the scenario, what check lets go wrong, or both',
      ).choices(['scenario', 'default', 'both']),
    )
    .addOption(
      new Option('--harm <statistic>', 'how users harmed are counted: their mean, or p95')
        .choices(['mean', 'p95'])
        .default('mean'),
    )
    .addOption(
      new Option('--candidates <n>', 'how many policies the search begins with (default: 64)')
        .argParser(positive)
        .conflicts('budgetRuns'),
    )
    .option('--runs <n>', 'how often those fly that come to its end, in each world (default: 800)', positive)
    .option(
      '--budget-runs <n>',
      'how many flights the search may take in all; the number of policies follows',
      positive,
    )
    .option('--seed <n>', 'the first seed of all flights; by default the one in the scenario', seed)
    .option('--write [point]', 'write a point of the front into the manifests: that of this name, or the knee')
    .option(
      '--resume <file>',
      'go on from this file, if it is there, also after --write; keep in it how far the search has come',
    )
    .option(
      '--workers <n>',
      'how many threads fly (default: as many as there are processors); the result is the same',
      positive,
    )
    .option('--json', 'print JSON and nothing else')
    .addHelpText(
      'after',
      `
Turned are the weights of the steps, their pauses, which steps there are, and of analyses the intervals, counts, limits,
delays, thresholds and windows of rates. Points are those of least harm, time and false aborts; the budgets of the
scenario hold in all of them. Without --write nothing is changed: what would be is printed.

Examples:
  coalmine tune scenarios/caught-by-background-analysis.yaml
  coalmine tune checkout.yaml --knob weights pauses --budget "duration.p50 < 20m"
  coalmine tune checkout.yaml --fix success-rate.successCondition --resume checkout.tune.json
  coalmine tune checkout.yaml --resume checkout.tune.json --write B
  coalmine tune checkout.yaml --json | jq '.front[] | {label, changes}'

Exit codes: 0 there are policies that keep to the budgets; 1 there are none; 2 bad usage or input; 70 a defect of
coalmine; 74 a file could not be written; 130 interrupted before the end.`,
    )
    .action(async (scenario: string, options) => (await import('./tune.js')).tune(scenario, { ...options, version }))
}

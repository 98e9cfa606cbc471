#!/usr/bin/env node
// The command line: parses, calls, prints, and decides nothing. What a command needs is loaded when it runs.
import { readFileSync } from 'node:fs'
import nodeModule from 'node:module'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { addCompare } from './compare-command.js'
import { tellDefect } from './defect.js'
import { badInput } from './exit-codes.js'
import { addKubernetesOptions, kubernetesFrom } from './kubernetes-options.js'
import { factor, oneBudget, part, pattern, port, positive, ratePerSecond, seed, shard } from './option-values.js'
import { guardOutput } from './output.js'
import { addReport } from './report-command.js'
import type { ChosenReporter } from './test-reporters.js'
import { addTune } from './tune-command.js'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Written out, because what a command needs is loaded when it runs. */
const reporterNames = ['default', 'json', 'junit', 'tap', 'github', 'markdown', 'blob'] as const
const reporterList = reporterNames.join(', ')

guardOutput(process.stdout, process.stderr, (code) => process.exit(code))

// From Node 22.8 on what has been compiled is kept for the next time, in the system's folder for temporary files: a `run`
// takes a seventh less of the processor.
const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown }
enableCompileCache?.()

const program = new Command('coalmine')
  .description(
    'A flight simulator for canaries: flies the rollout policy you ship against traffic and failures,\nand says who was hurt, how much, and how long until the policy noticed.',
  )
  .version(version)
  .helpCommand(false)
  .exitOverride()

program
  .command('check')
  .description('say what is wrong with a policy, and what it makes of the usual faults: no scenario needed')
  .argument('[files...]', 'manifests, folders, or - for standard input; of several Rollouts each is checked')
  .option('--scenario <file>', 'fly in the world of this scenario, whose faults and budgets are left out')
  .addOption(
    new Option('--rate <rate>', 'requests a second (default: 100/s)').argParser(ratePerSecond).conflicts('scenario'),
  )
  .option('--seed <n>', 'the first seed', seed, 1)
  .option(
    '--runs <n>',
    'fly each fault so often (default: 50 times, and where it has a budget until that is decided)',
    positive,
  )
  .option(
    '--precision <part>',
    'fly until 95 % intervals reach no further than this part of a figure, such as 5%',
    part,
  )
  .option('--workers <n>', 'how many threads fly (default: as many as there are processors)', positive)
  .option(
    '--budget <budget>',
    "hold every fault to this, such as 'users.harmed.p95 < 500'; may be given again",
    oneBudget,
    [],
  )
  .addOption(
    new Option('--fail-on <severity>', 'exit with 1 from this severity on')
      .choices(['error', 'warning', 'note'])
      .default('error'),
  )
  .addOption(
    new Option('--format <format>', 'how to print it').choices(['text', 'json', 'sarif', 'github']).default('text'),
  )
  .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
  .addHelpText(
    'after',
    `
Without a scenario a world is assumed around the policy, and everything that is assumed is in what \`coalmine init\`
writes. In it fly a release with nothing wrong, and faults: 100 %, 10 % and 1 % errors, +50 % latency, a crash loop, a slow
leak, a dependency of both versions that is down, and 10 % errors that no metric shows. docs/check.md says what each row
means, and docs/rules what may be found in the manifests.

A comment in a manifest switches a rule off, on its line or the one above: # coalmine-ignore RULE: reason

Examples:
  coalmine check rollout.yaml analysis.yaml services.yaml
  helm template shop | coalmine check - --rate 2k/s
  coalmine check deploy/ --budget 'users.harmed.p95 < 500' --budget 'detect.p90 < 3m'
  coalmine check deploy/ --format sarif > coalmine.sarif
  coalmine check deploy/ --scenario black-friday.yaml --fail-on warning

Exit codes: 0 nothing found at or above --fail-on, and no budget broken; 1 something was; 2 bad usage or input, or manifests
that are not supported; 70 a defect of coalmine; 130 interrupted, after what was finished is printed.`,
  )
  .action(async (files: string[], { json, ...options }, command: Command) => {
    if (files.length === 0 && options.scenario === undefined) command.error("error: missing required argument 'files'")
    const format = json ? 'json' : options.format
    await (await import('./check.js')).check(files, { ...options, format, version })
  })

program
  .command('run')
  .description('fly one scenario and say what happened')
  .argument('<scenario>', 'the scenario file')
  .option('--seed <n>', 'the seed of the (first) run; by default the one in the scenario', seed)
  .option('--runs <n>', 'fly so many seeds, and print how the numbers are distributed', positive)
  .option(
    '--precision <part>',
    'fly until 95 % intervals of detection, safety and harm reach no further than this part of them, such as 5%',
    part,
  )
  .addOption(
    new Option(
      '--rare-misses',
      'say how often a bad release is missed where that is too rare to be seen: one in so many',
    ).conflicts(['runs', 'watch', 'serve', 'sample']),
  )
  .option(
    '--workers <n>',
    'how many threads fly (default: as many as there are processors); the numbers are the same',
    positive,
  )
  .option('--policy <files...>', 'fly another policy in the same scenario: manifests, folders, or - for standard input')
  .option('--json', 'print JSON and nothing else')
  .addOption(
    new Option(
      '--watch',
      'look on in simulated time, on the screen of `kubectl argo rollouts get rollout --watch`',
    ).conflicts(['json', 'runs', 'precision']),
  )
  .option('--speed <factor>', 'how many simulated seconds pass in a second of --watch', factor, 60)
  .addOption(
    new Option('--serve', "answer on this machine as the flight's Prometheus, until Ctrl-C").conflicts([
      'runs',
      'precision',
      'watch',
    ]),
  )
  .option('--port <n>', 'where --serve listens; 0 is any free port (default: 9090)', port)
  .addOption(
    new Option(
      '--fidelity <how>',
      'fly requests as a flow or one by one (default: what the scenario says or needs)',
    ).choices(['flow', 'request']),
  )
  .addOption(
    new Option(
      '--sample <file>',
      'fly requests one by one and log some, as JSON lines; - is standard output',
    ).conflicts(['runs', 'precision', 'serve']),
  )
  .option('--sample-every <n>', 'with --sample: log every n-th request', positive, 100)
  .option('--wall-clock', 'with --serve: start the flight now, and fly it as time goes on')
  .addHelpText(
    'after',
    `
Examples:
  coalmine run scenarios/caught-by-background-analysis.yaml
  coalmine run scenarios/three-replicas.yaml --watch --speed 30
  coalmine run scenarios/window-longer-than-pause.yaml --runs 1000 --json
  coalmine run scenarios/caught-by-background-analysis.yaml --precision 2%
  kustomize build . | coalmine run scenarios/good-release.yaml --policy -
  coalmine run scenarios/silent-canary.yaml --sample requests.jsonl --sample-every 1000
  coalmine run scenarios/good-release.yaml --serve
  curl http://127.0.0.1:9090/api/v1/query -d 'query=sum by (response_code) (rate(istio_requests_total[1m]))'

Exit codes: 0 flown to the end, whatever the verdict, also when Ctrl-C ends --serve after that; 2 bad usage or input;
3 the port is taken; 70 a defect of coalmine; 74 the output could not be written; 130 interrupted before the end;
141 whoever read the output stopped reading.`,
  )
  .action(async (scenario: string, options, command: Command) => {
    refuseAlone(command, '--port', '--serve')
    refuseAlone(command, '--wall-clock', '--serve')
    refuseAlone(command, '--speed', '--watch')
    refuseAlone(command, '--sample-every', '--sample')
    refuseTwoOutputs(command, options)
    await (await import('./run.js')).run(scenario, { ...options, version })
  })

const testCommand = program
  .command('test')
  .description('fly scenarios until their budgets are decided, like a test runner')
  .argument('[paths...]', 'scenario files, or folders that are searched for them', ['.'])
  .option('-t, --test-name-pattern <pattern>', 'only scenarios whose name or sentence matches', pattern)
  .option('--changed [ref]', 'only scenarios that read a file that differs from this commit (default: HEAD)')
  .option('--runs <n>', 'fly so many seeds of each scenario, neither fewer nor more', positive)
  .option(
    '--max-runs <n>',
    'fly twice as many seeds, from 100 on, while a budget is undecided, up to so many',
    positive,
    6400,
  )
  .option('--bail [n]', 'end after so many scenarios that did not pass (default: 1)', positive)
  .addOption(
    new Option(
      '-u, --update',
      'store what the runs come to as the baseline that later tests are held against, beside each scenario',
    ).conflicts('shard'),
  )
  .addOption(
    new Option(
      '--shrink [folder]',
      'make each scenario that failed smaller while its worst run still breaks the budget (default: to standard error)',
    ).conflicts('shard'),
  )
  .option('--shard <i/n>', 'fly the i-th of n parts, of equal size; needs --runs, and a reporter of blobs', shard)
  .option(
    '--reporter <name[=file]>',
    `how to tell what came of it, and where: ${reporterList}; several by several options`,
    reporter,
  )
  .option('--json', 'the same as --reporter json')
  .option(
    '--workers <n>',
    'how many threads fly (default: as many as there are processors); the numbers are the same',
    positive,
  )
addKubernetesOptions(testCommand)
  .addHelpText(
    'after',
    `
A budget holds or fails when all values that the runs allow do, with a confidence of 99 % for each scenario; it is
undecided when they allow both. Those about every single run, such as \`verdict == aborted\`, are about these runs.
What has a baseline also fails if a figure has clearly moved since then.

Examples:
  coalmine test
  coalmine test scenarios -t canary --reporter default --reporter json=reports/test.json
  coalmine test scenarios --changed origin/main
  coalmine test scenarios --runs 1000 -u
  coalmine test scenarios/checkout.yaml --shrink small
  coalmine test scenarios --runs 1000 --shard 2/3 --reporter blob=blob-2.json
  coalmine merge blob-*.json
  coalmine test scenarios --runs 10000 --on kubernetes --context team --image registry.example.com/coalmine:1 --shards 20

Exit codes: 0 all budgets hold, or nothing differs with --changed; 1 one fails, or is undecided; 2 bad usage or input, or
nothing to test; 3 the cluster is missing or fails, or takes too long; 70 a defect of coalmine; 74 a report could not be
written; 130 interrupted before the end.`,
  )
  .action(async (paths: string[], options, command: Command) => {
    const reporters = chosenReporters(command, options)
    if (options.shard && options.runs === undefined)
      command.error('error: --shard needs --runs: each shard has to know how many there are')
    if (options.shard && !reporters.some(({ name }) => name === 'blob'))
      command.error('error: --shard needs --reporter blob=FILE: only what `coalmine merge` puts together is judged')
    const on = kubernetesFrom(command, options)
    const bail = options.bail === true ? 1 : options.bail
    const changed = options.changed === true ? 'HEAD' : options.changed
    if (changed?.startsWith('-')) command.error(`error: --changed needs a commit, and \`${changed}\` is none`)
    await (await import('./test.js')).test(paths, { ...options, on, bail, changed, reporter: reporters, version })
  })

addCompare(program, version)

addTune(program, version)

program
  .command('explain')
  .description('say how each query of a policy was understood, and what it says while all is well')
  .argument('<files...>', 'manifests of a policy, folders, or - for standard input; or one scenario file')
  .option('--json', 'print JSON and nothing else')
  .addHelpText(
    'after',
    `
For each selector of each query: what it counts, of which version, and the series it finds; if it finds none, the
nearest names and labels. For each metric: its values over the flight of a healthy release.

Examples:
  coalmine explain rollout.yaml analysis.yaml services.yaml virtual-service.yaml
  kustomize build . | coalmine explain -
  coalmine explain scenarios/caught-by-background-analysis.yaml
  coalmine explain deploy/ --json | jq '.metrics[] | {name, measured}'

Exit codes: 0 explained, whatever the queries see; 2 bad usage or input, as is a query that Prometheus refuses; 70 a
defect of coalmine.`,
  )
  .action(async (files: string[], options) => (await import('./explain.js')).explain(files, { ...options, version }))

program
  .command('init')
  .description('write a scenario for manifests that have none, with a comment on each value')
  .argument('<files...>', 'manifests of a policy, or folders')
  .option('-o, --output <file>', 'where to write it (default: standard output)')
  .option('--force', 'write over what is there')
  .option('--rollout <name>', 'of several Rollouts this one')
  .option('--rate <rate>', 'requests a second (default: 100/s)', ratePerSecond)
  .option('--fault <id>', 'with this default fault of `coalmine check`', 'healthy')
  .addHelpText(
    'after',
    `
Whatever the manifests don't say is assumed, and a comment says so.

Examples:
  coalmine init deploy/ -o canary.yaml && coalmine run canary.yaml
  coalmine init deploy/ --fault errors-10 -o errors.yaml && coalmine run errors.yaml --watch
  coalmine init scenarios/good-release --rate 2k/s

Exit codes: 0 written; 2 bad usage or input, and a file that is there already; 70 a defect of coalmine.`,
  )
  .action(async (files: string[], options) => (await import('./init.js')).init(files, { ...options, version }))

program
  .command('merge')
  .description('put together what the shards of a test have flown')
  .argument('<blobs...>', 'what `coalmine test --shard i/n --reporter blob=FILE` has written, of all shards')
  .option('--reporter <name[=file]>', 'as those of test, but for blob', reporter)
  .option('--json', 'the same as --reporter json')
  .addHelpText(
    'after',
    `
What it prints is the same to the byte as what a test in one go prints, with the same --runs.

Exit codes: 0 all budgets hold; 1 one fails, or is undecided; 2 bad usage or input: a shard that is missing or doubled,
or was flown by another version.`,
  )
  .action(async (files: string[], options, command: Command) => {
    const reporters = chosenReporters(command, options)
    if (reporters.some(({ name }) => name === 'blob')) command.error('error: a merged test is no blob any more')
    ;(await import('./merge.js')).merge(files, { reporter: reporters, version })
  })

addReport(program, version)

program
  .command('fly-shard', { hidden: true })
  .description('fly one shard of what `coalmine test --on kubernetes` has packed: what its pods run')
  .argument('<parcel>', 'the file')
  .option('--workers <n>', 'how many threads fly', positive, 1)
  .action(async (file: string, options) => (await import('./fly-shard.js')).flyShard(file, { ...options, version }))

program
  .command('schema')
  .description('print the JSON Schema of scenario files, for editors')
  .addHelpText(
    'after',
    `
Put the schema beside your scenarios and name it in their first line:
  coalmine schema > coalmine.schema.json
  # yaml-language-server: $schema=./coalmine.schema.json`,
  )
  .action(async () => (await import('./schema.js')).schema())

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version are no errors; whatever else the parser complains about is bad usage.
    process.exitCode = error.exitCode === 0 ? 0 : badInput
  } else {
    tellDefect(error, version)
  }
}

/** An option that says nothing without another would be ignored. */
function refuseAlone(command: Command, long: string, needed: string): void {
  const given = (name: string) => {
    const option = command.options.find((each) => each.long === name)!
    return command.getOptionValueSource(option.attributeName()) === 'cli' ? option : undefined
  }
  const option = given(long)
  if (option && !given(needed)) command.error(`error: option '${option.flags}' needs option '${needed}'`)
}

/** What is printed there is one thing only. */
function refuseTwoOutputs(command: Command, { sample, json, watch }: Record<string, unknown>): void {
  if (sample === '-' && (json || watch))
    command.error(`error: --sample - can't be used with ${json ? '--json' : '--watch'}`)
}

function reporter(text: string, before: ChosenReporter[] = []): ChosenReporter[] {
  const [name = '', file] = text.split(/=(.*)/s)
  const known = reporterNames.find((each) => each === name)
  if (known === undefined) throw new InvalidArgumentError(`There are ${reporterList}.`)
  if (file === '') throw new InvalidArgumentError('After = there must be a file.')
  return [...before, { name: known, ...(file === undefined ? {} : { file }) }]
}

/** What is printed on standard output is one thing only. */
function chosenReporters(command: Command, { reporter: chosen, json }: Record<string, unknown>): ChosenReporter[] {
  const reporters = [...((chosen as ChosenReporter[]) ?? []), ...(json ? [{ name: 'json' } as const] : [])]
  if (reporters.filter(({ file }) => file === undefined).length > 1)
    command.error(
      'error: only one reporter can print on standard output: give the others files, as in --reporter json=FILE',
    )
  return reporters.length === 0 ? [{ name: 'default' }] : reporters
}

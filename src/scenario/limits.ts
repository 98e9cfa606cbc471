// How much of anything from outside is read before it is refused by name.

export const limits = Object.freeze({
  /** Twice the largest custom resource definition in the field, ten times over; etcd takes 1.5 MB an object. */
  manifestBytes: 10 * 1024 * 1024,
  /** All files of a policy together. */
  policyBytes: 64 * 1024 * 1024,
  scenarioBytes: 1024 * 1024,
  /** What a shard of a test hands on. */
  blobBytes: 256 * 1024 * 1024,
  /** What is sent to a cluster to be flown there: all that a ConfigMap may hold. */
  parcelBytes: 1024 * 1024,
  /** What a scenario's runs once came to: two kilobytes. */
  baselineBytes: 1024 * 1024,
  /** Files found in one directory. */
  filesInDirectory: 2_000,
  /** Files and directories looked at in search of scenarios. */
  filesSearched: 20_000,
  documentsInFile: 5_000,
  /** Levels of mappings and lists inside each other. Custom resource definitions of pods come near 40. */
  nesting: 200,
  /**
   * Words, marks, spaces and line ends the YAML reader sees in a file. Dense manifests have one in four characters,
   * custom resource definitions one in twenty; each costs up to 250 bytes and 2 microseconds until it is read.
   */
  tokens: 2_000_000,
  /** Values that come from following `*aliases` in a file, instead of being written down. */
  aliasedValues: 100_000,
  /** Points, faults, budgets or paths in one list of a scenario. */
  scenarioListItems: 1_000,
  /** A flight of a month that never ends, scraped and judged every ten seconds, takes two seconds. */
  durationMs: 31 * 24 * 3_600_000,
  /** Of one fault in a flight. */
  strikes: 10_000,
  /** Shortest time between two scrapes, and how many there may be in a flight: five microseconds and more each. */
  scrapeIntervalMs: 100,
  scrapes: 1_000_000,
  /** Of one rule group in a flight: as dear as scrapes. */
  evaluations: 1_000_000,
  /** Rule files of a scenario together. */
  ruleBytes: 10 * 1024 * 1024,
  /** Those of one histogram: every one is a series for each of its label sets. */
  histogramBuckets: 200,
  /** Longest time until queries see a scrape: so long it is kept in memory. */
  scrapeDelayMs: 3_600_000,
  /** Samples of a flight that is served, where all are kept: 17 bytes each, and up to twice that. */
  servedSamples: 10_000_000,
  /** All requests of a flight must stay whole numbers, and be drawn as such. */
  ratePerSecond: 1e9,
  /** Combinations of segments and routes: each has formulas of its own, at some microseconds a change of the world. */
  strands: 200,
  /** Of users by activity, in every segment: at some microseconds a flight each. */
  activityClasses: 100,
  /** How many times as active as others users may be. */
  activity: 1_000_000,
  /** Of a gamma distributed activity: below, one user makes nearly all requests. */
  leastShape: 0.05,
  /** Requests that one pod serves or keeps waiting: each takes some 50 bytes where requests are single. */
  places: 1_000_000,
  /** How often a client sends a request again, and how much longer each pause may be than the one before. */
  retries: 100,
  retryFactor: 100,
  /** Connections that clients keep. */
  connections: 1_000_000,
  /** How many times the rate a crowd, a burst or a scale may bring. */
  trafficFactor: 1_000,
  /** Mean times between bursts, or times that noise takes to find back, in a flight: some 5 changes of the rate each. */
  trafficTurns: 20_000,
  /** Hours of a log that hold requests: 29 kB each until it has been read. */
  logHours: 2_000,
  /** Of a line in a log: longer ones are no lines of it. */
  logLineBytes: 1024 * 1024,
  /** The answer to a range query is read as a whole: ten series of 11,000 points, Prometheus' most, are 4 MB. */
  rangeQueryBytes: 64 * 1024 * 1024,
  /** Lines of a log that are told one by one when they are none. */
  logLinesTold: 3,
  /** Of a flight that tells each from the others: two bits each. */
  usersOneByOne: 100_000_000,
  /** Beyond any workload in the field; each pod costs some 200 bytes and its own life. */
  replicas: 100_000,
  /** Least time between the start of a scenario and its release. */
  warmUpMs: 1_000,
  /** Problems kept for the report. */
  problems: 1_000,
  /** Characters of a problem's message: some quote what they found, however long it is. */
  messageCharacters: 400,
})

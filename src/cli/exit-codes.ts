// What the program ends with, as the `--help` of each command tells it.

/** A budget or an expectation, or what manifests had better not say. */
export const notMet = 1
export const badInput = 2
/** The surroundings are missing or fail. */
export const portTaken = 3
export const clusterFailed = 3
export const ourDefect = 70
export const outputFailed = 74
/** As shells count them, 128 and the number of the signal: SIGINT, and SIGPIPE by which other programs end. */
export const afterInterrupt = 130
export const afterBrokenPipe = 141

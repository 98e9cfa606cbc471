// What the program ends with, as `coalmine run --help` tells it.

export const badInput = 2
export const portTaken = 3
export const ourDefect = 70
export const outputFailed = 74
/** As shells count them, 128 and the number of the signal: SIGINT, and SIGPIPE by which other programs end. */
export const afterInterrupt = 130
export const afterBrokenPipe = 141

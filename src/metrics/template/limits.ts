// How much a template may do. Go's server has other limits, or none and dies: what goes beyond is refused by name.

/** Bytes of one text, and of the whole output. */
export const MOST_BYTES = 1 << 20
/** Nodes run and functions called. */
export const MOST_STEPS = 1_000_000
/** Templates within templates; 100,000 in Go. */
export const MOST_TEMPLATES = 500
/** Parentheses and blocks within each other, while reading; 10,000 parentheses in Go. */
export const MOST_NESTED = 500
/** Blocks and pipelines under way within each other while a template is run, through all the templates that led there. */
export const MOST_UNDER_WAY = 1_200

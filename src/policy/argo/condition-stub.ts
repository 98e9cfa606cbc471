// Temporary.
export interface Condition { text: string }
export function compile(text: string): Condition { return { text } }

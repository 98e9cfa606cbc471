// Colour for terminals that want it: nothing but escape codes around words.

export interface Paint {
  good(text: string): string
  bad(text: string): string
  busy(text: string): string
  faint(text: string): string
  strong(text: string): string
}

const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`
const plain = (text: string) => text

export const colours: Paint = {
  good: code(32, 39),
  bad: code(31, 39),
  busy: code(33, 39),
  faint: code(2, 22),
  strong: code(1, 22),
}

export const noColours: Paint = { good: plain, bad: plain, busy: plain, faint: plain, strong: plain }

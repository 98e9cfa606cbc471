// Templates in labels and annotations of alerts, as Prometheus 3.15 expands them.

/** What a template sees of its alert and of the server. */
export interface AlertData {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly externalLabels: Readonly<Record<string, string>>
  readonly externalUrl: string
  /** When the rule is evaluated. */
  readonly timeMs: number
  /** Answers the function `query` at that time: the samples of a vector (a scalar is one without labels), or what Prometheus says is wrong. */
  readonly query: (text: string) => readonly TemplateSample[] | { readonly error: string }
}

export interface TemplateSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The text with its actions carried out; where one fails, what Prometheus puts in place of the whole text. */
export function expand(_alertName: string, text: string, _data: AlertData): string {
  return text
}

/** Why `promtool check rules` refuses the template; undefined if it doesn't. */
export function check(_alertName: string, _text: string): string | undefined {
  return undefined
}

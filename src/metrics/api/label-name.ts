// Label names in addresses: those with other characters than letters, digits and _ come as U__ and their codes.

const PREFIX = 'U__'

/** Prometheus' "values" escaping: `U__http_2e_code` is `http.code`, and what is no such escape stands for itself. */
export function unescapedName(name: string): string {
  if (!name.startsWith(PREFIX)) return name
  const body = name.slice(PREFIX.length)
  if (!/^(?:[^_]|__|_[0-9a-fA-F]{1,4}_)*$/.test(body)) return name
  const codes = [...body.matchAll(/_([0-9a-fA-F]{1,4})_/g)].map(([, code]) => Number.parseInt(code!, 16))
  if (codes.some((code) => code >= 0xd800 && code <= 0xdfff)) return name
  return body.replace(/__|_([0-9a-fA-F]{1,4})_/g, (_, code?: string) =>
    code === undefined ? '_' : String.fromCodePoint(Number.parseInt(code, 16)),
  )
}

// What templates cut off addresses: the port, the domain. As Go's net package takes addresses apart.

/** Without the port, where there is one. */
export function stripPort(address: string): string {
  return splitHostPort(address)?.host ?? address
}

/** The first part of a name, with its port; an IP address as it is. */
export function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: '' }
  if (isIp(host)) return address
  const first = host.split('.')[0]!
  if (port === '') return first
  return first.includes(':') ? `[${first}]:${port}` : `${first}:${port}`
}

function splitHostPort(address: string): { readonly host: string; readonly port: string } | undefined {
  const found = /^(?:\[([^\]]*)\]|([^:[\]][^:]*|)):([^:]*)$/.exec(address)
  if (found === null) return undefined
  const [, bracketed, plain, port = ''] = found
  return /[[\]]/.test(`${bracketed ?? plain}${port}`) ? undefined : { host: bracketed ?? plain!, port }
}

function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
}

/** Eight groups, the last two of which may be an IPv4 address; `::` stands for one group or more. */
function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return false
  const counts = halves.map((half, index) => groupsOf(half, index === halves.length - 1))
  if (counts.includes(undefined)) return false
  const total = counts.reduce<number>((sum, count) => sum + count!, 0)
  return halves.length === 2 ? total < 8 : total === 8
}

function groupsOf(text: string, isLast: boolean): number | undefined {
  if (text === '') return 0
  const groups = text.split(':')
  let count = 0
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) count++
    else if (isLast && index === groups.length - 1 && isIpv4(group)) count += 2
    else return undefined
  }
  return count
}

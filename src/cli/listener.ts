// The one door through which others come in: HTTP on the loopback interface, to be read and nothing else.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply, Request } from '../run/served-flight.js'

export interface Listener {
  /** Such as `http://127.0.0.1:9090`. */
  readonly address: string
  close(): void
}

const loopback = '127.0.0.1'
/** Prometheus takes longer forms; a query here has at most 20,000 characters. */
const mostBodyBytes = 1024 * 1024
const mostConnections = 256

/** Rejects with an error that has a `code`, such as EADDRINUSE, where nobody can listen. */
export function listen(port: number, answer: (request: Request) => Reply): Promise<Listener> {
  const server = createServer((request, response) => {
    reply(request, answer).then(
      (reply) => send(response, reply),
      // Whoever asked has gone before the request was complete.
      () => response.destroy(),
    )
  })
  server.maxConnections = mostConnections
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, loopback, () => {
      const { port } = server.address() as AddressInfo
      const close = () => {
        server.close()
        server.closeAllConnections()
      }
      resolve({ address: `http://${loopback}:${port}`, close })
    })
  })
}

async function reply(request: IncomingMessage, answer: (request: Request) => Reply): Promise<Reply> {
  const { method = 'GET', url = '/', headers } = request
  if (!isOurs(headers.host)) {
    const what = headers.host ? `The name ${headers.host} is not served` : 'A request that names no Host is not served'
    return plain(403, `${what}: ask for ${loopback}, localhost or an address.\n`)
  }
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  if (method !== 'POST') return answer({ method, path, parameters: new URLSearchParams(query) })
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return plain(415, 'The body must be a form: application/x-www-form-urlencoded.\n')
  }
  const form = await bodyOf(request)
  if (form === undefined) return plain(413, `The body has more than ${mostBodyBytes} bytes.\n`)
  return answer({ method, path, parameters: new URLSearchParams(`${form}&${query}`) })
}

/** A page in a browser could make a name of its own lead here; it can't choose an address or a name of this machine. */
function isOurs(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? ''
  return /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])$/.test(name) || ['localhost', 'host.docker.internal'].includes(name)
}

/** Of one that is too large the rest is let by: whoever hangs up on a sender isn't heard. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= mostBodyBytes) chunks.push(chunk)
  }
  return bytes <= mostBodyBytes ? Buffer.concat(chunks).toString('utf8') : undefined
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length, 'X-Content-Type-Options': 'nosniff' })
  response.end(bytes)
}

function plain(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

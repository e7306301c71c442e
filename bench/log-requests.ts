import { otlpType } from '../console/receive/schema'

export interface LogRequest {
  /** An ExportLogsServiceRequest in protobuf, compressed with gzip. */
  body: Uint8Array<ArrayBuffer>
  traceIds: string[]
}

const services = ['frontend', 'order-service', 'product-service', 'user-service']
const routes = ['/', '/product/:slug', '/checkout', '/checkout/process', '/api/order', '/api/products']
const linesPerTrace = 8
const spreadNs = 3_500_000_000_000n

/** Creates the requests of `lines` wide events that are spread evenly over the 3500 s before `endNs`. */
export function* logRequests(lines: number, linesPerRequest: number, endNs: bigint): Generator<LogRequest> {
  const startNs = endNs - spreadNs
  const stepNs = spreadNs / BigInt(lines)
  for (let first = 0; first < lines; first += linesPerRequest) {
    const traceIds: string[] = []
    const records = new Map<string, object[]>(services.map((service) => [service, []]))
    const end = Math.min(first + linesPerRequest, lines)
    for (let n = first; n < end; n++) {
      if ((n - first) % linesPerTrace === 0) traceIds.push(Bun.randomUUIDv7().replaceAll('-', ''))
      const timeNs = startNs + BigInt(n) * stepNs + BigInt(n % 997)
      records.get(services[n % services.length] ?? '')?.push(wideEvent(n, timeNs, traceIds.at(-1) ?? ''))
    }
    const resourceLogs = services.map((service, index) => ({
      resource: { attributes: resourceAttributes(service, index) },
      scopeLogs: [{ scope: { name: '@vitrine/telemetry', version: '0.1.0' }, logRecords: records.get(service) }],
    }))
    const bytes = otlpType('ExportLogsServiceRequest').encode({ resourceLogs }).finish()
    yield { body: Bun.gzipSync(new Uint8Array(bytes), { level: 1 }), traceIds }
  }
}

function wideEvent(n: number, timeNs: bigint, traceId: string): object {
  const isError = n % 200 === 7
  const method = n % 9 === 0 ? 'POST' : 'GET'
  const route = routes[n % routes.length] ?? ''
  const durationS = ((n * 7919) % 100_000) / 300_000 + (n % 1000 === 3 ? 0.5 : 0)
  const attributes = [
    text('http.request.method', method),
    text('http.route', route),
    text('url.path', route === '/product/:slug' ? `/product/p${n % 10}` : route),
    text('url.scheme', 'http'),
    integer('http.response.status_code', isError ? 503 : 200),
    { key: 'http.server.request.duration', value: { doubleValue: durationS } },
    text('server.address', 'localhost'),
    integer('server.port', 5000 + (n % services.length)),
    text('network.protocol.version', '1.1'),
  ]
  if (isError) {
    attributes.push(text('error.type', '503'), text('problem.code', 'UNAVAILABLE'))
    attributes.push(text('exception.message', `connect ECONNREFUSED ${n % 3}`))
  }
  if (n % 5000 === 11) attributes.push(text('event.name', 'checkout.refused'), text('reason', 'out_of_stock'))
  return {
    timeUnixNano: long(timeNs),
    observedTimeUnixNano: long(timeNs + 1000n),
    severityNumber: isError ? 17 : 9,
    severityText: isError ? 'ERROR' : 'INFO',
    body: { stringValue: `${method} ${route} ${isError ? '503 connection refused' : '200'}` },
    attributes,
    flags: 1,
    traceId: Buffer.from(traceId, 'hex'),
    spanId: crypto.getRandomValues(Buffer.alloc(8)),
  }
}

const resourceAttributes = (service: string, index: number) => [
  text('service.name', service),
  text('service.namespace', 'vitrine'),
  text('deployment.environment.name', 'development'),
  text('service.version', '0.1.0'),
  text('service.instance.id', `0192a000-0000-7000-8000-00000000000${index}`),
  text('host.name', 'localhost'),
  text('os.type', 'linux'),
  text('process.runtime.name', 'bun'),
  integer('process.pid', 4711),
]

const text = (key: string, stringValue: string): { key: string; value: object } => ({ key, value: { stringValue } })
const integer = (key: string, intValue: number): { key: string; value: object } => ({ key, value: { intValue } })
const long = (ns: bigint) => ({ low: Number(BigInt.asIntN(32, ns)), high: Number(ns >> 32n), unsigned: true })

import { readFileSync } from 'node:fs'
import type { EnvironmentReader } from './environment'

export type Signal = 'traces' | 'metrics' | 'logs'

/** The OTLP endpoint of one signal. */
export interface Endpoint {
  signal: Signal
  url: string
  headers: Record<string, string>
  timeoutMs: number
  compression: 'gzip' | 'none'
  protocol: 'http/json' | 'http/protobuf'
  /** PEM texts: the authorities to trust (`ca`), and the client's own certificate and key. */
  tls: { ca?: string; cert?: string; key?: string } | undefined
}

/**
 * Reads `OTEL_EXPORTER_OTLP_*`; the variables of one signal (`OTEL_EXPORTER_OTLP_TRACES_*`) take precedence.
 * Source: OpenTelemetry specification, "OTLP Exporter Configuration". Unlike there, gzip and JSON are the default.
 */
export function readEndpoint(signal: Signal, read: EnvironmentReader): Endpoint {
  const own = (name: string) => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`
  const shared = (name: string) => `OTEL_EXPORTER_OTLP_${name}`
  const nameOf = (name: string) => (read.get(own(name)) === undefined ? shared(name) : own(name))

  return {
    signal,
    ...target(),
    timeoutMs: read.integer(nameOf('TIMEOUT'), 2500, 1),
    compression: read.oneOf(nameOf('COMPRESSION'), ['gzip', 'none'], 'gzip'),
    protocol: read.oneOf(nameOf('PROTOCOL'), ['http/json', 'http/protobuf'], 'http/json'),
    tls: tls(),
  }

  function target(): Pick<Endpoint, 'url' | 'headers'> {
    const url = new URL(urlOf(own('ENDPOINT')) ?? signalUrl(urlOf(shared('ENDPOINT')) ?? 'http://localhost:4318'))
    const headers = new Headers()
    // Some implementations of `fetch` reject URLs with credentials.
    if (url.username)
      headers.set(
        'authorization',
        `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`,
      )
    url.username = url.password = ''
    for (const name of [shared('HEADERS'), own('HEADERS')]) {
      for (const [key, value] of Object.entries(read.pairs(name))) setHeader(headers, name, key, value)
    }
    return { url: url.href, headers: Object.fromEntries(headers) }
  }

  function signalUrl(base: string): string {
    const url = new URL(base)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`
    return url.href
  }

  function setHeader(headers: Headers, name: string, key: string, value: string): void {
    try {
      headers.set(key, value)
    } catch {
      read.warn(`${name}: ${key} is not a valid header; ignored`)
    }
  }

  function urlOf(name: string): string | undefined {
    const value = read.get(name)
    if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value
    read.warn(`${name}=${value} is not a URL such as http://localhost:4318; using the default`)
    return undefined
  }

  function tls(): Endpoint['tls'] {
    const files = { ca: pem('CERTIFICATE'), cert: pem('CLIENT_CERTIFICATE'), key: pem('CLIENT_KEY') }
    const given = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined))
    return Object.keys(given).length > 0 ? given : undefined
  }

  function pem(name: string): string | undefined {
    const path = read.get(nameOf(name))
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      read.warn(`${nameOf(name)}=${path} can't be read (${(error as { code?: string }).code}); ignored`)
      return undefined
    }
  }
}

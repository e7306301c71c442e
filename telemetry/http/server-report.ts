import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import { nowMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { httpBuckets, instruments } from '../metrics/instruments'
import { redactText } from '../redact'
import type { Scope } from '../scope'
import { label } from '../traces/tracer'
import type { BodyEnd } from './body'
import { methodInName } from './method'
import { answerLabels, hostLabels, requestLabels } from './server-labels'
import type { UrlParts } from './url'

/** A request and what is known of it from the start. */
export interface Exchange {
  scope: Scope
  startMs: number
  /** One of the standard's, or `_OTHER`. */
  method: string
  url: UrlParts
  /** The caller's network. */
  client: string | undefined
}

export interface Outcome {
  status: number
  route: string | undefined
  /** What a handler threw. */
  error?: unknown
  /** How the body ended, where it was streamed and not sent whole; or `aborted`, when the client had left before. */
  bodyEnd?: BodyEnd
}

/** What is said of each request, in all three signals. */
export function serverReport({ meter, log }: Core) {
  const duration = instruments(meter).histogram('http.server.request.duration', {
    unit: 's',
    description: 'Duration of HTTP server requests',
    buckets: httpBuckets,
  })
  const active = meter.createUpDownCounter('http.server.active_requests', {
    unit: '{request}',
    description: 'HTTP server requests under way',
  })
  const labelsOf = answerLabels()
  const activeOf = requestLabels()
  const hostOf = hostLabels()

  return { began, ended }

  function began({ method, url }: Exchange): void {
    active.add(1, activeOf(method, url.scheme))
  }

  function ended({ scope, startMs, method, url, client }: Exchange, outcome: Outcome): void {
    const endMs = nowMs()
    const durationS = (endMs - startMs) / 1000
    const { status, route } = outcome
    const failure = failureOf(outcome)
    const { labels, line } = labelsOf({ method, scheme: url.scheme, route, status, failure })
    active.add(-1, activeOf(method, url.scheme))
    duration.record(durationS, labels.attributes)

    const { span, event = {} } = scope
    const isFailed = failure !== undefined && failure !== clientLeft
    const error = causeOf(outcome)
    if (isFailed && error !== undefined) log.exception('http.server.request.exception', error)
    if (span.isRecording()) {
      label(span, labels)
      label(span, hostOf(url.origin))
      span.setAttribute('url.path', redactText(url.path))
      if (client) span.setAttribute('client.address', client)
      if (route) span.updateName(`${methodInName(method)} ${route}`)
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
    }
    const level = isFailed ? 'error' : 'info'
    if (log.writes(level)) {
      const own: Attributes = { 'url.path': redactText(url.path), ...event }
      own['http.server.request.duration'] = durationS
      log.wide('http.server.request', level, line, [labels], own)
    }
    span.end(endMs)
  }
}

// No mistake of the server: an attribute, and no error status.
const clientLeft = 'client_disconnected'

const causeOf = ({ error, bodyEnd }: Outcome): unknown => (typeof bodyEnd === 'object' ? bodyEnd.error : error)

// Source: semantic conventions 1.44, `error.type`: the same on span, metric and log. A 4xx is the client's mistake.
function failureOf(outcome: Outcome): string | undefined {
  const { status, bodyEnd } = outcome
  if (bodyEnd === 'aborted') return clientLeft
  if (status < 500 && bodyEnd === undefined) return undefined
  const error = causeOf(outcome)
  return error === undefined ? String(status) : errorType(error)
}

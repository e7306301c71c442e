import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import { activeContext } from '../active-context'
import { builtInDeclarations } from '../built-in-declarations'
import type { Core } from '../core'
import { errorType } from '../errors'
import { memoize } from '../memoize'
import { type Counter, type Histogram, instruments } from '../metrics/instruments'
import { redactText } from '../redact'
import type { LogLevel } from '../settings/settings'
import { haveCommonKey, mergeAttributes, noSharedAttributes } from '../shared-attributes'
import type { Baggage } from '../traces/baggage'
import { setSharedAttributes } from '../traces/tracer'
import type { Exchange, Outcome } from './exchange'
import { splitUrl } from './request-attributes'
import { activeRequestAttributes, type ResponseKind, responseKinds, serverSpanAttributes } from './response-kind'
import { routeOf } from './route'

export type ServerRecorder = ReturnType<typeof serverRecorder>

/** Records each request in all three signals. */
export function serverRecorder({ meter, log, baggageAttributes }: Core) {
  const duration = instruments(meter).histogram(builtInDeclarations.metrics.serverDuration) as Histogram
  const active = instruments(meter).counter(builtInDeclarations.metrics.activeRequests) as Counter
  const kindOf = responseKinds()
  const activeAttributesOf = activeRequestAttributes()
  // Paths may contain secrets; they repeat, so the redacted text is cached.
  const redactPath = memoize(redactText)

  return { start, end, reusedResponseRecorder }

  function start(exchange: Exchange): void {
    exchange.activeAttributes = activeAttributesOf(exchange.method, exchange.isHttps)
    active.add(1, exchange.activeAttributes)
    if (exchange.baggage) recordBaggage(exchange, exchange.baggage)
  }

  function end(exchange: Exchange, outcome: Outcome): void {
    const { span, method, isHttps, startMs } = exchange
    const { status, endMs } = outcome
    active.add(-1, exchange.activeAttributes)
    const route = routeOf(
      exchange.c,
      exchange.routes,
      exchange.responseSource === 'other' && outcome.error === undefined,
    )
    const durationS = (endMs - startMs) / 1000
    const failure = failureOf(outcome)
    const kind = kindOf({ method, isHttps, route, status, failure })
    exchange.responseAttributes = kind.sharedAttributes.attributes
    duration.record(durationS, exchange.responseAttributes)

    const isFailed = failure !== undefined && failure !== clientDisconnected
    const error = causeOf(outcome)
    if (isFailed && error !== undefined) log.exception('http.server.request.exception', error)
    const level = isFailed ? 'error' : 'info'
    if (!span.isRecording() && !log.isEnabled(level)) return
    const { origin, path } = splitUrl(exchange.request.url)
    const redactedPath = redactPath(path)
    if (span.isRecording()) describeSpan(exchange, kind, origin, redactedPath, isFailed)
    if (log.isEnabled(level)) emitWideEvent(exchange, kind, level, redactedPath, durationS)
    span.end(endMs)
  }

  function reusedResponseRecorder(): (durationS: number) => void {
    const exchange = activeContext()?.exchange
    return (durationS) => {
      if (exchange?.responseAttributes) duration.record(durationS, exchange.responseAttributes)
    }
  }

  function describeSpan(exchange: Exchange, kind: ResponseKind, origin: string, path: string, isFailed: boolean) {
    const { span, method, client, request } = exchange
    setSharedAttributes(span, serverSpanAttributes(kind, origin))
    span.setAttribute('url.path', path)
    if (client) span.setAttribute('client.address', client)
    if (method === '_OTHER') span.setAttribute('http.request.method_original', redactText(request.method.slice(0, 32)))
    span.updateName(kind.spanName)
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
  }

  function emitWideEvent(
    { wideEvent, span }: Exchange,
    kind: ResponseKind,
    level: LogLevel,
    path: string,
    durationS: number,
  ): void {
    const attributes: Attributes = { 'url.path': path }
    if (wideEvent) Object.assign(attributes, wideEvent)
    attributes['http.server.request.duration'] = Math.round(durationS * 1e6) / 1e6
    const context = span.spanContext()
    if (wideEvent && haveCommonKey(kind.sharedAttributes, wideEvent)) {
      // The handler's attributes take precedence over the shared ones of the same key.
      log.emit(
        log.createKind(level, 'http.server.request', noSharedAttributes),
        kind.logMessage,
        mergeAttributes(kind.sharedAttributes, attributes),
        context,
      )
      return
    }
    kind.logRecordKind ??= log.createKind(level, 'http.server.request', kind.sharedAttributes)
    log.emit(kind.logRecordKind, kind.logMessage, attributes, context)
  }

  function recordBaggage(exchange: Exchange, baggage: Baggage): void {
    for (const key of baggageAttributes) {
      const value = baggage.get(key)
      if (value === undefined) continue
      exchange.wideEvent ??= {}
      exchange.wideEvent[key] = redactText(value.slice(0, 100))
      exchange.span.setAttribute(key, exchange.wideEvent[key])
    }
  }
}

// Not an error of the server: recorded as an attribute, without an error status.
const clientDisconnected = 'client_disconnected'

const causeOf = ({ error, bodyEnd }: Outcome): unknown => (typeof bodyEnd === 'object' ? bodyEnd.error : error)

// `error.type`, the same on span, metric and log. A 4xx is an error of the client. Source: semantic conventions 1.44.
function failureOf(outcome: Outcome): string | undefined {
  const { status, bodyEnd } = outcome
  if (bodyEnd === 'aborted') return clientDisconnected
  if (status < 500 && bodyEnd === undefined) return undefined
  const error = causeOf(outcome)
  return error === undefined ? String(status) : errorType(error)
}

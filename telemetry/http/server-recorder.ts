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
import { activeRequestAttributes, type ResponseKind, responseKinds, serverSpanAttributes } from './response-kind'
import { routeOf } from './route'
import { splitUrl } from './url'

export type ServerRecorder = ReturnType<typeof serverRecorder>

/** What is said of each request, in all three signals. */
export function serverRecorder({ meter, log, baggageAttributes }: Core) {
  const duration = instruments(meter).histogram(builtInDeclarations.metrics.serverDuration) as Histogram
  const active = instruments(meter).counter(builtInDeclarations.metrics.activeRequests) as Counter
  const labelsOf = responseKinds()
  const activeOf = activeRequestAttributes()
  // Paths may carry what they should not, and repeat.
  const shownPath = memoize(redactText)

  return { start, end, reusedResponseRecorder }

  function start(exchange: Exchange): void {
    exchange.activeAttributes = activeOf(exchange.method, exchange.isHttps)
    active.add(1, exchange.activeAttributes)
    if (exchange.baggage) showBaggage(exchange, exchange.baggage)
  }

  function end(exchange: Exchange, outcome: Outcome): void {
    const { span, method, isHttps, startMs } = exchange
    const { status, endMs } = outcome
    active.add(-1, exchange.activeAttributes)
    const route = routeOf(
      exchange.c,
      exchange.routes,
      exchange.responseSource === 'hand' && outcome.error === undefined,
    )
    const durationS = (endMs - startMs) / 1000
    const failure = failureOf(outcome)
    const answer = labelsOf({ method, isHttps, route, status, failure })
    exchange.responseAttributes = answer.sharedAttributes.attributes
    duration.record(durationS, exchange.responseAttributes)

    const isFailed = failure !== undefined && failure !== clientLeft
    const error = causeOf(outcome)
    if (isFailed && error !== undefined) log.exception('http.server.request.exception', error)
    const level = isFailed ? 'error' : 'info'
    if (!span.isRecording() && !log.isEnabled(level)) return
    const { origin, path } = splitUrl(exchange.request.url)
    const shown = shownPath(path)
    if (span.isRecording()) describe(exchange, answer, origin, shown, isFailed)
    if (log.isEnabled(level)) writeLine(exchange, answer, level, shown, durationS)
    span.end(endMs)
  }

  function reusedResponseRecorder(): (durationS: number) => void {
    const exchange = activeContext()?.exchange
    return (durationS) => {
      if (exchange?.responseAttributes) duration.record(durationS, exchange.responseAttributes)
    }
  }

  function describe(exchange: Exchange, answer: ResponseKind, origin: string, path: string, isFailed: boolean) {
    const { span, method, client, request } = exchange
    setSharedAttributes(span, serverSpanAttributes(answer, origin))
    span.setAttribute('url.path', path)
    if (client) span.setAttribute('client.address', client)
    if (method === '_OTHER') span.setAttribute('http.request.method_original', redactText(request.method.slice(0, 32)))
    span.updateName(answer.spanName)
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
  }

  function writeLine(
    { wideEvent, span }: Exchange,
    answer: ResponseKind,
    level: LogLevel,
    path: string,
    durationS: number,
  ): void {
    const own: Attributes = { 'url.path': path }
    if (wideEvent) Object.assign(own, wideEvent)
    own['http.server.request.duration'] = Math.round(durationS * 1e6) / 1e6
    const context = span.spanContext()
    if (wideEvent && haveCommonKey(answer.sharedAttributes, wideEvent)) {
      // A handler has set what we would say: it knows better.
      log.emit(
        log.createKind(level, 'http.server.request', noSharedAttributes),
        answer.logMessage,
        mergeAttributes(answer.sharedAttributes, own),
        context,
      )
      return
    }
    answer.logRecordKind ??= log.createKind(level, 'http.server.request', answer.sharedAttributes)
    log.emit(answer.logRecordKind, answer.logMessage, own, context)
  }

  function showBaggage(exchange: Exchange, baggage: Baggage): void {
    for (const key of baggageAttributes) {
      const value = baggage.get(key)
      if (value === undefined) continue
      exchange.wideEvent ??= {}
      exchange.wideEvent[key] = redactText(value.slice(0, 100))
      exchange.span.setAttribute(key, exchange.wideEvent[key])
    }
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

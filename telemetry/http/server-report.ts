import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import type { Core } from '../core'
import { errorType } from '../errors'
import { memo, merged, noLabels, overlap } from '../labels'
import { type Counter, type Histogram, instruments } from '../metrics/instruments'
import { redactText } from '../redact'
import { currentScope } from '../scope'
import type { LogLevel } from '../settings/settings'
import { layer } from '../signals'
import type { Baggage } from '../traces/baggage'
import { label } from '../traces/tracer'
import type { Exchange, Outcome } from './exchange'
import { routeOf } from './route'
import { type AnswerLabels, answerLabels, requestLabels, spanLabels } from './server-labels'
import { partsOf } from './url'

export type ServerReport = ReturnType<typeof serverReport>

/** What is said of each request, in all three signals. */
export function serverReport({ meter, log, baggageAttributes }: Core) {
  const duration = instruments(meter).histogram(layer.metrics.serverDuration) as Histogram
  const active = instruments(meter).counter(layer.metrics.activeRequests) as Counter
  const labelsOf = answerLabels()
  const activeOf = requestLabels()
  // Paths may carry what they should not, and repeat.
  const shownPath = memo(redactText)

  return { began, ended, alike }

  function began(exchange: Exchange): void {
    exchange.activeLabels = activeOf(exchange.method, exchange.isHttps)
    active.add(1, exchange.activeLabels)
    if (exchange.baggage) showBaggage(exchange, exchange.baggage)
  }

  function ended(exchange: Exchange, outcome: Outcome): void {
    const { span, method, isHttps, startMs } = exchange
    const { status, endMs } = outcome
    active.add(-1, exchange.activeLabels)
    const route = routeOf(exchange.c, exchange.routes, exchange.madeBy === 'hand' && outcome.error === undefined)
    const durationS = (endMs - startMs) / 1000
    const failure = failureOf(outcome)
    const answer = labelsOf({ method, isHttps, route, status, failure })
    exchange.answerLabels = answer.labels.attributes
    duration.record(durationS, exchange.answerLabels)

    const isFailed = failure !== undefined && failure !== clientLeft
    const error = causeOf(outcome)
    if (isFailed && error !== undefined) log.exception('http.server.request.exception', error)
    const level = isFailed ? 'error' : 'info'
    if (!span.isRecording() && !log.writes(level)) return
    const { origin, path } = partsOf(exchange.request.url)
    const shown = shownPath(path)
    if (span.isRecording()) describe(exchange, answer, origin, shown, isFailed)
    if (log.writes(level)) writeLine(exchange, answer, level, shown, durationS)
    span.end(endMs)
  }

  function alike(): (durationS: number) => void {
    const exchange = currentScope()?.exchange
    return (durationS) => {
      if (exchange?.answerLabels) duration.record(durationS, exchange.answerLabels)
    }
  }

  function describe(exchange: Exchange, answer: AnswerLabels, origin: string, path: string, isFailed: boolean) {
    const { span, method, client, request } = exchange
    label(span, spanLabels(answer, origin))
    span.setAttribute('url.path', path)
    if (client) span.setAttribute('client.address', client)
    if (method === '_OTHER') span.setAttribute('http.request.method_original', redactText(request.method.slice(0, 32)))
    span.updateName(answer.name)
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
  }

  function writeLine(
    { event, span }: Exchange,
    answer: AnswerLabels,
    level: LogLevel,
    path: string,
    durationS: number,
  ): void {
    const own: Attributes = { 'url.path': path }
    if (event) Object.assign(own, event)
    own['http.server.request.duration'] = Math.round(durationS * 1e6) / 1e6
    const context = span.spanContext()
    if (event && overlap(answer.labels, event)) {
      // A handler has set what we would say: it knows better.
      log.wide(log.kind(level, 'http.server.request', noLabels), answer.line, merged(answer.labels, own), context)
      return
    }
    answer.lineKind ??= log.kind(level, 'http.server.request', answer.labels)
    log.wide(answer.lineKind, answer.line, own, context)
  }

  function showBaggage(exchange: Exchange, baggage: Baggage): void {
    for (const key of baggageAttributes) {
      const value = baggage.get(key)
      if (value === undefined) continue
      exchange.event ??= {}
      exchange.event[key] = redactText(value.slice(0, 100))
      exchange.span.setAttribute(key, exchange.event[key])
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

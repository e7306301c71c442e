import { readGroups } from './read-groups'
import type { DecodedRequest, Span } from './telemetry-types'
import { attributesOf, idOf, integerOf, memberOf, microsecondsOf, readList, readObject, stringOf } from './values'

/**
 * Reads the spans of an ExportTraceServiceRequest. Rejects a span without ids, or with an end before its start.
 * @throws MalformedError
 */
export function readTraces(request: object): DecodedRequest<Span> {
  return readGroups<Span>(request, ['resourceSpans', 'scopeSpans', 'spans'], (raw, scope, add, reject) => {
    const startUs = microsecondsOf(raw, 'startTimeUnixNano')
    const endUs = microsecondsOf(raw, 'endTimeUnixNano')
    const status = readObject(raw, 'status', statusOf)
    const span: Span = {
      traceId: idOf(raw, 'traceId', 16),
      spanId: idOf(raw, 'spanId', 8),
      parentId: idOf(raw, 'parentSpanId', 8),
      name: stringOf(raw, 'name'),
      kind: enumOf(raw, 'kind', 'SPAN_KIND_', kinds),
      startUs,
      durationUs: endUs - startUs,
      status: status?.code ?? 0,
      statusMessage: status?.message ?? '',
      attributes: attributesOf(raw),
      events: eventsOf(raw),
      links: linksOf(raw),
      scope,
    }
    if (!span.traceId || !span.spanId) return reject('a span needs a traceId and a spanId that are not all zeros')
    if (endUs < startUs) return reject(`the span ${span.name} ends before it starts`)
    add(span)
  })
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const codes = ['UNSET', 'OK', 'ERROR']

function statusOf(raw: object) {
  return { code: enumOf(raw, 'code', 'STATUS_CODE_', codes), message: stringOf(raw, 'message') }
}

// OTLP/JSON allows only numbers, but some senders write the names, as in protobuf's JSON mapping.
function enumOf(raw: object, name: string, prefix: string, names: string[]): number {
  const value = memberOf(raw, name)
  const index = typeof value === 'string' ? names.indexOf(value.replace(prefix, '')) : -1
  if (index >= 0) return index
  return integerOf(raw, name) ?? 0
}

function eventsOf(raw: object): Span['events'] {
  const events: Span['events'] = []
  readList(raw, 'events', (event) =>
    events.push({
      timeUs: microsecondsOf(event, 'timeUnixNano'),
      name: stringOf(event, 'name'),
      attributes: attributesOf(event),
    }),
  )
  return events
}

function linksOf(raw: object): Span['links'] {
  const links: Span['links'] = []
  readList(raw, 'links', (link) =>
    links.push({
      traceId: idOf(link, 'traceId', 16),
      spanId: idOf(link, 'spanId', 8),
      attributes: attributesOf(link),
    }),
  )
  return links
}

import { memberOf, readList, readObject } from './malformed'
import { readGroups } from './read-groups'
import type { DecodedRequest, Span } from './telemetry-types'
import { attributesOf, idOf, integerOf, microsecondsOf, stringOf } from './values'

/**
 * The spans of an ExportTraceServiceRequest. One without ids or with an end before its beginning is refused alone.
 * @throws Malformed
 */
export function readTraces(request: object): DecodedRequest<Span> {
  return readGroups<Span>(request, ['resourceSpans', 'scopeSpans', 'spans'], (raw, scope, add, refuse) => {
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
    if (!span.traceId || !span.spanId) return refuse('a span needs a traceId and a spanId that are not all zeros')
    if (endUs < startUs) return refuse(`the span ${span.name} ends before it begins`)
    add(span)
  })
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const codes = ['UNSET', 'OK', 'ERROR']

function statusOf(raw: object) {
  return { code: enumOf(raw, 'code', 'STATUS_CODE_', codes), message: stringOf(raw, 'message') }
}

// Numbers by the specification; some senders write the names, as protobuf's JSON does.
function enumOf(raw: object, name: string, prefix: string, names: string[]): number {
  const value = memberOf(raw, name)
  const known = typeof value === 'string' ? names.indexOf(value.replace(prefix, '')) : -1
  if (known >= 0) return known
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

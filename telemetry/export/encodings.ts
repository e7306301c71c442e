import type { InstrumentationScope } from '@opentelemetry/core'
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { otlpAttributes, quote } from '../json'
import type { Encoding } from './batcher'
import { logJson } from './log-json'
import { spanJson } from './span-json'

/** Spans as the body of an `ExportTraceServiceRequest` in JSON. */
export const jsonSpans = (): Encoding<ReadableSpan> => jsonItems(spanJson, 'resourceSpans', 'scopeSpans', 'spans')
/** Log records as the body of an `ExportLogsServiceRequest` in JSON. */
export const jsonLogs = (): Encoding<ReadableLogRecord> => jsonItems(logJson, 'resourceLogs', 'scopeLogs', 'logRecords')
/** The same in protobuf, by the SDK. */
export const protobufSpans = () => keptItems<ReadableSpan>((spans) => ProtobufTraceSerializer.serializeRequest(spans))
export const protobufLogs = () => keptItems<ReadableLogRecord>((logs) => ProtobufLogsSerializer.serializeRequest(logs))

interface Item {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

// Grouped as OTLP wants it: by resource, and within it by instrumentation scope.
function jsonItems<T extends Item>(json: (item: T) => string, ...[outer, middle, inner]: [string, string, string]): Encoding<T> {
  const encoder = new TextEncoder()
  let groups = new Map<Resource, Map<InstrumentationScope, string>>()

  return {
    add(item) {
      const { resource, instrumentationScope } = item
      let scopes = groups.get(resource)
      if (!scopes) groups.set(resource, (scopes = new Map()))
      const before = scopes.get(instrumentationScope)
      scopes.set(instrumentationScope, before === undefined ? json(item) : `${before},${json(item)}`)
    },
    take() {
      const resources = [...groups].map(([resource, scopes]) => {
        const inside = [...scopes].map(([scope, items]) => `{"scope":${scopeJson(scope)},"${inner}":[${items}]${schemaUrl(scope)}}`)
        return `{"resource":${resourceJson(resource)},"${middle}":[${inside}]${schemaUrl(resource)}}`
      })
      groups = new Map()
      return encoder.encode(`{"${outer}":[${resources}]}`)
    },
  }
}

const resourceJson = (resource: Resource) =>
  `{"attributes":[${otlpAttributes(resource.attributes)}],"droppedAttributesCount":0${schemaUrl(resource)}}`
const scopeJson = ({ name, version }: InstrumentationScope) =>
  `{"name":${quote(name)}${version === undefined ? '' : `,"version":${quote(version)}`}}`
const schemaUrl = ({ schemaUrl }: { schemaUrl?: string }) => (schemaUrl ? `,"schemaUrl":${quote(schemaUrl)}` : '')

function keptItems<T>(serialize: (items: T[]) => Uint8Array | undefined): Encoding<T> {
  let items: T[] = []
  return {
    add: (item) => void items.push(item),
    take() {
      const body = serialize(items) ?? new Uint8Array()
      items = []
      return body
    },
  }
}

import type { InstrumentationScope } from '@opentelemetry/core'
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { reportFailure } from '../diagnostics'
import type { Encoder } from '../export/batcher'
import { otlpAttributes } from './attributes'
import { JsonWriter } from './json-writer'
import { writeLogRecord } from './log-record'
import { writeSpan } from './span'

/** Encodes spans as the body of an `ExportTraceServiceRequest` in JSON. */
export const jsonSpanEncoder = (): Encoder<ReadableSpan> =>
  createJsonEncoder(writeSpan, ['resourceSpans', 'scopeSpans', 'spans'])

/** Encodes log records as the body of an `ExportLogsServiceRequest` in JSON. */
export const jsonLogEncoder = (): Encoder<ReadableLogRecord> =>
  createJsonEncoder(writeLogRecord, ['resourceLogs', 'scopeLogs', 'logRecords'])

/** Encodes spans in protobuf, by the SDK's serializer. */
export const protobufSpanEncoder = () =>
  createSdkEncoder<ReadableSpan>((spans) => ProtobufTraceSerializer.serializeRequest(spans))

/** Encodes log records in protobuf, by the SDK's serializer. */
export const protobufLogEncoder = () =>
  createSdkEncoder<ReadableLogRecord>((logs) => ProtobufLogsSerializer.serializeRequest(logs))

interface Scoped {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

interface Group {
  resource: Resource
  scope: InstrumentationScope
  writer: JsonWriter
  isEmpty: boolean
}

// OTLP groups by resource, then by instrumentation scope. A service normally has one of each, so the first group is
// written directly into the request.
function createJsonEncoder<T extends Scoped>(
  write: (out: JsonWriter, record: T) => void,
  [outer, middle, inner]: [string, string, string],
): Encoder<T> {
  const out = new JsonWriter()
  const spareWriters: JsonWriter[] = []
  let groups: Group[] = []
  let current: Group | undefined
  let count = 0

  return {
    add(record) {
      if (current?.scope !== record.instrumentationScope || current.resource !== record.resource)
        current = groupFor(record)
      const { writer, isEmpty } = current
      const start = writer.length
      try {
        if (!isEmpty) writer.comma()
        write(writer, record)
        current.isEmpty = false
        count++
      } catch (error) {
        writer.clear(start)
        reportFailure('encoding a span or log record', error)
      }
    },
    bytes: () => out.length,
    take() {
      const [first] = groups
      const resources = [...new Set(groups.map(({ resource }) => resource))]
      resources.forEach((resource, resourceIndex) => {
        const scopes = groups.filter((group) => group.resource === resource)
        scopes.forEach((group, scopeIndex) => {
          if (group !== first) {
            const start = scopeIndex > 0 ? ',' : `${resourceIndex > 0 ? ',' : ''}${resourceStart(resource)}`
            out.text(`${start}${scopeStart(group.scope)}`)
            out.raw(group.writer.written())
            spareWriters.push(group.writer)
          }
          out.text(`]${schemaUrl(group.scope)}}`)
        })
        out.text(`]${schemaUrl(resource)}}`)
      })
      out.text(']}')
      groups = []
      current = undefined
      const batch = { body: out.written(), count }
      out.clear()
      count = 0
      return batch
    },
  }

  function groupFor({ resource, instrumentationScope: scope }: T): Group {
    const existing = groups.find((group) => group.scope === scope && group.resource === resource)
    if (existing) return existing
    const writer = groups.length === 0 ? out : (spareWriters.pop() ?? new JsonWriter())
    writer.clear()
    if (writer === out) out.text(`{"${outer}":[${resourceStart(resource)}${scopeStart(scope)}`)
    const group = { resource, scope, writer, isEmpty: true }
    groups.push(group)
    return group
  }

  function resourceStart(resource: Resource): string {
    const attributes = otlpAttributes(resource.attributes)
    return `{"resource":{"attributes":[${attributes}],"droppedAttributesCount":0${schemaUrl(resource)}},"${middle}":[`
  }

  function scopeStart({ name, version }: InstrumentationScope): string {
    return `{"scope":${JSON.stringify({ name, version })},"${inner}":[`
  }
}

const schemaUrl = ({ schemaUrl }: { schemaUrl?: string }) =>
  schemaUrl ? `,"schemaUrl":${JSON.stringify(schemaUrl)}` : ''

// 200 bytes for ids, times and punctuation; 8 for a number.
function estimateBytes({ attributes, body }: Sized): number {
  let bytes = typeof body === 'string' ? 200 + body.length : 200
  for (const key in attributes) {
    const value = attributes[key]
    bytes += key.length + (typeof value === 'string' ? value.length : 8)
  }
  return bytes
}

interface Sized {
  attributes: Readonly<Record<string, unknown>>
  body?: unknown
}

function createSdkEncoder<T extends Sized>(serialize: (records: T[]) => Uint8Array | undefined): Encoder<T> {
  let records: T[] = []
  let bytes = 0
  return {
    add(record) {
      records.push(record)
      bytes += estimateBytes(record)
    },
    bytes: () => bytes,
    take() {
      const taken = records
      records = []
      bytes = 0
      const body = trySerialize(taken)
      if (body) return { body, count: taken.length }
      const writable = taken.filter((record) => trySerialize([record]))
      return { body: trySerialize(writable) ?? new Uint8Array(), count: writable.length }
    },
  }

  function trySerialize(subset: T[]): Uint8Array | undefined {
    try {
      return serialize(subset)
    } catch (error) {
      if (subset.length === 1) reportFailure('encoding a span or log record', error)
      return undefined
    }
  }
}

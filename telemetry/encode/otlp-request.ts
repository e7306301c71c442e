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

/** Spans as the body of an `ExportTraceServiceRequest` in JSON. */
export const jsonSpanEncoder = (): Encoder<ReadableSpan> =>
  jsonItems(writeSpan, ['resourceSpans', 'scopeSpans', 'spans'])
/** Log records as the body of an `ExportLogsServiceRequest` in JSON. */
export const jsonLogEncoder = (): Encoder<ReadableLogRecord> =>
  jsonItems(writeLogRecord, ['resourceLogs', 'scopeLogs', 'logRecords'])
/** The same in protobuf, by the SDK. */
export const protobufSpanEncoder = () =>
  keptItems<ReadableSpan>((spans) => ProtobufTraceSerializer.serializeRequest(spans))
export const protobufLogEncoder = () =>
  keptItems<ReadableLogRecord>((logs) => ProtobufLogsSerializer.serializeRequest(logs))

interface Item {
  resource: Resource
  instrumentationScope: InstrumentationScope
}

interface Group {
  resource: Resource
  scope: InstrumentationScope
  items: JsonWriter
  isEmpty: boolean
}

// Grouped as OTLP wants it: by resource, and within it by instrumentation scope. As a rule there is one of each, and the
// first group is written where it will stand.
function jsonItems<T extends Item>(
  write: (out: JsonWriter, item: T) => void,
  [outer, middle, inner]: [string, string, string],
): Encoder<T> {
  const out = new JsonWriter()
  const spare: JsonWriter[] = []
  let groups: Group[] = []
  let current: Group | undefined
  let count = 0

  return {
    add(item) {
      if (current?.scope !== item.instrumentationScope || current.resource !== item.resource) current = groupOf(item)
      const { items, isEmpty } = current
      const before = items.length
      try {
        if (!isEmpty) items.comma()
        write(items, item)
        current.isEmpty = false
        count++
      } catch (error) {
        items.clear(before)
        reportFailure('writing an item', error)
      }
    },
    bytes: () => out.length,
    take() {
      const [first] = groups
      const resources = [...new Set(groups.map(({ resource }) => resource))]
      resources.forEach((resource, at) => {
        const scopes = groups.filter((group) => group.resource === resource)
        scopes.forEach((group, index) => {
          if (group !== first) {
            out.text(`${index > 0 ? ',' : `${at > 0 ? ',' : ''}${resourceStart(resource)}`}${scopeStart(group.scope)}`)
            out.raw(group.items.written())
            spare.push(group.items)
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

  function groupOf({ resource, instrumentationScope: scope }: T): Group {
    const known = groups.find((one) => one.scope === scope && one.resource === resource)
    if (known) return known
    const items = groups.length === 0 ? out : (spare.pop() ?? new JsonWriter())
    items.clear()
    if (items === out) out.text(`{"${outer}":[${resourceStart(resource)}${scopeStart(scope)}`)
    const group = { resource, scope, items, isEmpty: true }
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

// Their texts, and what the rest of an item takes.
function roughBytes({ attributes, body }: Rough): number {
  let bytes = typeof body === 'string' ? 200 + body.length : 200
  for (const key in attributes) {
    const value = attributes[key]
    bytes += key.length + (typeof value === 'string' ? value.length : 8)
  }
  return bytes
}

interface Rough {
  attributes: Readonly<Record<string, unknown>>
  body?: unknown
}

function keptItems<T extends Rough>(serialize: (items: T[]) => Uint8Array | undefined): Encoder<T> {
  let items: T[] = []
  let bytes = 0
  return {
    add(item) {
      items.push(item)
      bytes += roughBytes(item)
    },
    bytes: () => bytes,
    take() {
      const taken = items
      items = []
      bytes = 0
      const body = attempt(taken)
      if (body) return { body, count: taken.length }
      const writable = taken.filter((item) => attempt([item]))
      return { body: attempt(writable) ?? new Uint8Array(), count: writable.length }
    },
  }

  function attempt(some: T[]): Uint8Array | undefined {
    try {
      return serialize(some)
    } catch (error) {
      if (some.length === 1) reportFailure('writing an item', error)
      return undefined
    }
  }
}

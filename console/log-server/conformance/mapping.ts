import { type Case, line, range } from './case'
import { citations } from './citations'
import { categorized, labels, lines, values } from './expect'

const all = range('{service_name="$service"}')
const byCategory = range('{service_name="$service"}', {}, { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' })
const level = (severityNumber: number, expected: string): Case => ({
  name: `severity number ${severityNumber} is detected_level ${expected}`,
  citation: citations.levels,
  logs: [line(1, 'a line', { record: { severityNumber } })],
  request: all,
  expect: labels({ detected_level: expected, severity_number: String(severityNumber) }),
})

export const mapping: Case[] = [
  {
    name: 'a text body is the line as it is',
    citation: citations.body,
    logs: [line(1, 'é "x" \\ 漢\n😀')],
    request: all,
    expect: lines('é "x" \\ 漢\n😀'),
  },
  {
    name: 'a body that is a map is JSON',
    citation: undefined,
    logs: [line(1, { a: 1, b: { c: 'd' } })],
    request: range('{service_name="$service"} | json | a=1'),
    expect: labels({ a: '1', b_c: 'd' }),
  },
  {
    name: 'a body that is a number is its text',
    citation: citations.body,
    logs: [line(1, 42)],
    request: all,
    expect: lines('42'),
  },
  {
    name: 'three resource attributes are index labels',
    citation: citations.indexLabels,
    logs: [
      line(1, 'x', {
        resource: { 'service.namespace': 'shop', 'deployment.environment.name': 'test', 'host.name': 'h' },
      }),
    ],
    request: byCategory,
    expect: categorized({
      stream: {
        service_name: '$service',
        service_namespace: 'shop',
        deployment_environment_name: 'test',
        host_name: undefined,
      },
      structuredMetadata: { host_name: 'h', service_name: undefined, service_namespace: undefined },
      parsed: {},
    }),
  },
  {
    name: 'an index label without an attribute is missing',
    citation: citations.indexLabels,
    logs: [line(1, 'x')],
    request: all,
    expect: labels({ service_namespace: undefined, deployment_environment_name: undefined }),
  },
  {
    name: 'without service.name the service is unknown_service',
    citation: citations.unknownService,
    logs: [line(1, 'nameless $service', { resource: { 'service.name': undefined } })],
    request: range('{service_name="unknown_service"} | conformance_case="$service"'),
    expect: lines('nameless $service'),
  },
  {
    name: 'attributes of the record are structured metadata',
    citation: citations.metadata,
    logs: [line(1, 'x', { attributes: { color: 'red' } })],
    request: all,
    expect: labels({ color: 'red' }),
  },
  {
    name: 'attributes of the resource are structured metadata',
    citation: citations.metadata,
    logs: [line(1, 'x', { resource: { 'host.name': 'h' } })],
    request: all,
    expect: labels({ host_name: 'h' }),
  },
  {
    name: 'dots and other characters become _',
    citation: undefined,
    fromMemory: 'send-data/otel: "all the special characters in the attribute name are converted to _"',
    logs: [line(1, 'x', { attributes: { 'http.request.method': 'GET', 'user-agent': 'curl', 'a b/c': 'd' } })],
    request: all,
    expect: labels({ http_request_method: 'GET', user_agent: 'curl', a_b_c: 'd' }),
  },
  {
    name: 'nested maps are joined with _',
    citation: undefined,
    fromMemory: 'send-data/otel: "Nested attributes are flattened out using _ as the separator"',
    logs: [line(1, 'x', { attributes: { order: { id: 'o1', total: { sum: 5 } } } })],
    request: all,
    expect: labels({ order_id: 'o1', order_total_sum: '5' }),
  },
  {
    name: 'numbers and booleans are texts',
    citation: undefined,
    fromMemory: 'send-data/otel: "Non-string attribute values are stringified"',
    logs: [line(1, 'x', { attributes: { n: 5, ratio: 1.5, big: '9007199254740993', yes: true, no: false } })],
    request: all,
    expect: labels({ n: '5', ratio: '1.5', big: '9007199254740993', yes: 'true', no: 'false' }),
  },
  {
    name: 'an array is JSON',
    citation: undefined,
    fromMemory: 'send-data/otel: "Non-string attribute values are stringified"',
    logs: [line(1, 'x', { attributes: { list: ['a', 1] } })],
    request: all,
    expect: labels({ list: '["a",1]' }),
  },
  {
    name: 'trace and span are hexadecimal',
    citation: citations.metadata,
    logs: [line(1, 'x', { record: { traceId: '0AF7651916CD43DD8448EB211C80319C', spanId: 'b7ad6b7169203331' } })],
    request: all,
    expect: labels({ trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' }),
  },
  {
    name: 'without a trace there is no trace_id',
    citation: citations.metadata,
    logs: [line(1, 'x')],
    request: all,
    expect: labels({ trace_id: undefined, span_id: undefined }),
  },
  {
    name: 'severity has a text and a number',
    citation: citations.metadata,
    logs: [line(1, 'x', { record: { severityNumber: 17, severityText: 'ERROR' } })],
    request: all,
    expect: labels({ severity_text: 'ERROR', severity_number: '17', detected_level: 'error' }),
  },
  level(1, 'trace'),
  level(5, 'debug'),
  level(9, 'info'),
  level(12, 'info'),
  level(13, 'warn'),
  level(17, 'error'),
  level(21, 'fatal'),
  {
    name: 'without severity the level is unknown',
    citation: undefined,
    logs: [line(1, 'a line')],
    request: all,
    expect: labels({ detected_level: 'unknown', severity_number: undefined, severity_text: undefined }),
  },
  {
    name: 'the scope is structured metadata',
    citation: citations.metadata,
    logs: [line(1, 'x', { scope: { name: 'http', version: '1.2', attributes: { team: 'web' } } })],
    request: all,
    expect: labels({ scope_name: 'http', scope_version: '1.2', team: 'web' }),
  },
  {
    name: 'observed_timestamp is nanoseconds',
    citation: citations.metadata,
    logs: [line(1, 'x', { record: { observedTimeUnixNano: '1796000000123456789' } })],
    request: all,
    expect: labels({ observed_timestamp: '1796000000123456789' }),
  },
  {
    name: 'flags other than 0 are structured metadata',
    citation: citations.metadata,
    logs: [line(1, 'x', { record: { flags: 1 } })],
    request: all,
    expect: labels({ flags: '1' }),
  },
  {
    name: 'flags of 0 are not stored',
    citation: undefined,
    logs: [line(1, 'x', { record: { flags: 0 } })],
    request: all,
    expect: labels({ flags: undefined }),
  },
  {
    name: 'without a time, the line has the observed time',
    citation: undefined,
    fromMemory:
      'send-data/otel: "Timestamp: One of LogRecord.TimeUnixNano or LogRecord.ObservedTimestamp, based on which one is set."',
    logs: [line(1, 'x', { record: { timeUnixNano: '0', observedTimeUnixNano: '$t(2.000000001)' } })],
    request: all,
    expect: values(['$t(2.000000001)', 'x']),
  },
]

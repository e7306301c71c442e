import type { Declarations } from './declaration'

/** In seconds: the buckets of the semantic conventions, and 0.3 for a latency objective of 300 ms. */
const httpBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const
/** In seconds: the buckets of the semantic conventions, and more around 0.1 for alerts at 100 ms. */
const databaseBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 1, 5, 10] as const

const method = 'standard methods, `_OTHER` for any other'
const route = "the app's routes"
const status = 'HTTP status codes'
const failure = 'status codes from 500, error codes and classes, `client_disconnected`'
const pool = { 'db.client.connection.pool.name': 'one per database' }
const statement = {
  'db.system.name': ['mysql', 'sqlite'],
  'db.namespace': 'one per database',
  'db.query.summary': "the program's statements",
  'db.operation.name': 'operations of SQL',
  'db.collection.name': 'tables of the database',
  'db.response.status_code': 'error numbers of the database',
  'error.type': 'error codes of the driver',
} as const
const component = { 'otel.component.type': 'one per signal', 'otel.component.name': 'one per signal' }
const outcome = {
  ...component,
  'error.type': 'HTTP status codes, `rejected`, `queue_full`, `shutdown`, `unserializable`',
}

/**
 * The telemetry that this package emits in any program.
 * Source: semantic conventions 1.44: HTTP, database client, exceptions in logs, runtime environment, OpenTelemetry SDK.
 */
export const builtInDeclarations = {
  metrics: {
    serverDuration: {
      kind: 'histogram',
      name: 'http.server.request.duration',
      unit: 's',
      description: 'Duration of HTTP server requests',
      buckets: httpBuckets,
      attributes: {
        'http.request.method': method,
        'url.scheme': ['http', 'https'],
        'http.route': route,
        'http.response.status_code': status,
        'error.type': failure,
      },
    },
    activeRequests: {
      kind: 'upDownCounter',
      name: 'http.server.active_requests',
      unit: '{request}',
      description: 'HTTP server requests in progress',
      attributes: { 'http.request.method': method, 'url.scheme': ['http', 'https'] },
    },
    clientDuration: {
      kind: 'histogram',
      name: 'http.client.request.duration',
      unit: 's',
      description: 'Duration of HTTP client requests, until the response headers',
      buckets: httpBuckets,
      attributes: {
        'http.request.method': method,
        'server.address': 'hosts that the program calls',
        'server.port': 'ports of those hosts',
        'service.peer.name': 'services that the program calls',
        'http.response.status_code': status,
        'error.type': 'status codes from 400, error codes',
      },
    },
    statementDuration: {
      kind: 'histogram',
      name: 'db.client.operation.duration',
      unit: 's',
      description: 'Duration of database statements',
      buckets: databaseBuckets,
      attributes: statement,
    },
    connectionWait: {
      kind: 'histogram',
      name: 'db.client.connection.wait_time',
      unit: 's',
      description: 'Time to obtain a connection from the pool',
      buckets: databaseBuckets,
      attributes: pool,
    },
    connectionUse: {
      kind: 'histogram',
      name: 'db.client.connection.use_time',
      unit: 's',
      description: 'Time between acquiring and releasing a connection',
      buckets: databaseBuckets,
      attributes: pool,
    },
    connectionTimeouts: {
      kind: 'counter',
      name: 'db.client.connection.timeouts',
      unit: '{timeout}',
      description: 'Waits for a connection that timed out',
      attributes: pool,
    },
    connectionCount: {
      kind: 'upDownCounter',
      name: 'db.client.connection.count',
      unit: '{connection}',
      description: 'Connections of the pool, by state',
      attributes: { ...pool, 'db.client.connection.state': ['idle', 'used'] },
    },
    connectionMax: {
      kind: 'upDownCounter',
      name: 'db.client.connection.max',
      unit: '{connection}',
      description: 'Maximum number of connections of the pool',
      attributes: pool,
    },
    connectionPending: {
      kind: 'upDownCounter',
      name: 'db.client.connection.pending_requests',
      unit: '{request}',
      description: 'Requests that wait for a connection',
      attributes: pool,
    },
    cpuTime: {
      kind: 'counter',
      name: 'process.cpu.time',
      unit: 's',
      description: 'CPU seconds used by the process',
      attributes: { 'cpu.mode': ['user', 'system'] },
    },
    memoryUsage: {
      kind: 'upDownCounter',
      name: 'process.memory.usage',
      unit: 'By',
      description: 'Resident memory of the process',
    },
    loopDelayMean: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.mean',
      unit: 's',
      description: 'Mean event loop delay since the last export',
    },
    loopDelayP99: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.p99',
      unit: 's',
      description: '99th percentile of the event loop delay since the last export',
    },
    loopDelayMax: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.max',
      unit: 's',
      description: 'Maximum event loop delay since the last export',
    },
    spansExported: exported('span', '{span}'),
    logsExported: exported('log', '{log_record}'),
    pointsExported: exported('metric_data_point', '{data_point}'),
    spansInFlight: inFlight('span', '{span}'),
    logsInFlight: inFlight('log', '{log_record}'),
    pointsInFlight: inFlight('metric_data_point', '{data_point}'),
    spansProcessed: processed('span', '{span}'),
    logsProcessed: processed('log', '{log_record}'),
    spansQueued: queueSize('span', '{span}'),
    logsQueued: queueSize('log', '{log_record}'),
    spanQueueCapacity: queueCapacity('span', '{span}'),
    logQueueCapacity: queueCapacity('log', '{log_record}'),
  },

  spans: {
    '{http.request.method} {http.route}': {
      kind: 'server',
      description: 'A request, until the end of the response body; without a route if none matches',
    },
    '{http.request.method}': {
      kind: 'client',
      description: 'A call, until the response headers; one span per attempt',
    },
    '{db.query.summary}': { kind: 'client', description: 'A statement, with its parameterized text' },
    'db.client.connection.wait': {
      kind: 'internal',
      description: 'A wait for a connection of at least 1 ms, or one that failed',
    },
  },

  events: {
    'http.server.request': 'The wide event: one log record per request, with the attributes set by `setAttribute()`',
    'http.server.request.exception': 'An error thrown by a handler or a streamed body; logged once',
    exception: 'A handled error (`recordException()`), or an uncaught one (FATAL)',
  },

  attributes: {
    'http.request.method': { type: 'string', description: 'Method; `_OTHER` for one outside the standard' },
    'http.request.method_original': { type: 'string', description: 'The original method if it is `_OTHER`' },
    'http.request.resend_count': { type: 'int', description: 'Number of earlier attempts of the call' },
    'http.response.status_code': { type: 'int', description: 'HTTP status code' },
    'http.route': { type: 'string', description: 'Template of the matched route' },
    'http.server.request.duration': {
      type: 'double',
      unit: 's',
      description: 'On the wide event: duration of the request',
    },
    'url.path': { type: 'string', description: 'Path of the request, without its query' },
    'url.scheme': { type: 'string', description: 'Scheme of the request', values: ['http', 'https'] },
    'url.full': {
      type: 'string',
      description: 'URL of a call; credentials are removed, secret parameters are `REDACTED`',
    },
    'server.address': { type: 'string', description: 'Requested host' },
    'server.port': { type: 'int', description: 'Port of the requested host' },
    'client.address': { type: 'string', description: 'Network of the client, /24 or /48' },
    'network.protocol.version': { type: 'string', description: 'Version of HTTP' },
    'service.peer.name': { type: 'string', description: '`service.name` of the called service' },
    'error.type': {
      type: 'string',
      description: 'Error code if there is one, else error class or status code',
    },
    'exception.type': { type: 'string', description: 'Class of an error' },
    'exception.message': { type: 'string', description: 'Messages of the error and its causes, without values' },
    'exception.stacktrace': { type: 'string', description: 'Stack traces of the error and its causes' },
    'db.system.name': { type: 'string', description: 'Database system', values: ['mysql', 'sqlite'] },
    'db.namespace': { type: 'string', description: 'Name of the database' },
    'db.query.summary': { type: 'string', description: 'Operation and first table of a statement' },
    'db.query.text': { type: 'string', description: 'Parameterized text of a statement, without values' },
    'db.operation.name': { type: 'string', description: 'Operation of a statement' },
    'db.collection.name': { type: 'string', description: 'First table of a statement' },
    'db.response.status_code': { type: 'string', description: 'Error number of the database' },
    'db.client.connection.pool.name': { type: 'string', description: 'Pool of connections' },
    'log.held_back.count': { type: 'int', unit: '{line}', description: 'Equal log records that were held back' },
    'otel.exporter.endpoint': { type: 'string', description: 'Receiver that does not accept signals' },
    'otel.exporter.outage_s': { type: 'int', unit: 's', description: 'Duration of the outage' },
    'otel.exporter.lost.spans': { type: 'int', unit: '{span}', description: 'Spans lost since the last report' },
    'otel.exporter.lost.logs': {
      type: 'int',
      unit: '{log_record}',
      description: 'Log records lost since the last report',
    },
    'otel.exporter.lost.metric_data_points': {
      type: 'int',
      unit: '{data_point}',
      description: 'Data points lost since the last report',
    },
  },
} as const satisfies Declarations

function exported(record: string, unit: string) {
  const description = 'Records whose export has ended; with error.type those that were not accepted'
  return {
    kind: 'counter',
    name: `otel.sdk.exporter.${record}.exported`,
    unit,
    description,
    attributes: outcome,
  } as const
}

function inFlight(record: string, unit: string) {
  const description = 'Records in flight to a receiver'
  return {
    kind: 'upDownCounter',
    name: `otel.sdk.exporter.${record}.inflight`,
    unit,
    description,
    attributes: component,
  } as const
}

function processed(record: string, unit: string) {
  const description = 'Records that have left the queue; with error.type those that were dropped'
  return {
    kind: 'counter',
    name: `otel.sdk.processor.${record}.processed`,
    unit,
    description,
    attributes: outcome,
  } as const
}

function queueSize(record: string, unit: string) {
  const description = 'Records that wait to be sent'
  return {
    kind: 'upDownCounter',
    name: `otel.sdk.processor.${record}.queue.size`,
    unit,
    description,
    attributes: component,
  } as const
}

function queueCapacity(record: string, unit: string) {
  const description = 'Maximum number of records that may wait to be sent'
  return {
    kind: 'upDownCounter',
    name: `otel.sdk.processor.${record}.queue.capacity`,
    unit,
    description,
    attributes: component,
  } as const
}

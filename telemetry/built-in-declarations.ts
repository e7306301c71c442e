import type { Declarations } from './declaration'

/** Seconds; the buckets advised by the semantic conventions, and 0.3: the edge of the latency objective. */
const httpBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const
/** Seconds; the buckets advised for `db.client.operation.duration`, and 0.1 with its neighbours for alerts at 100 ms. */
const databaseBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 1, 5, 10] as const

const method = 'the methods of the standard, `_OTHER` for any other'
const route = "the app's routes"
const status = 'HTTP status codes'
const failure = 'status codes from 500 on, error codes and classes, `client_disconnected`'
const pool = { 'db.client.connection.pool.name': 'one a database' }
const statement = {
  'db.system.name': ['mysql', 'sqlite'],
  'db.namespace': 'one a database',
  'db.query.summary': "the program's statements",
  'db.operation.name': "SQL's operations",
  'db.collection.name': "the database's tables",
  'db.response.status_code': 'error numbers of the database',
  'error.type': 'error codes of the driver',
} as const
const component = { 'otel.component.type': 'one a signal', 'otel.component.name': 'one a signal' }
const outcome = {
  ...component,
  'error.type': 'HTTP status codes, `rejected`, `queue_full`, `shutdown`, `unserializable`',
}

/**
 * All that the telemetry layer says by itself, in any program.
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
      kind: 'sum',
      name: 'http.server.active_requests',
      unit: '{request}',
      description: 'HTTP server requests under way',
      attributes: { 'http.request.method': method, 'url.scheme': ['http', 'https'] },
    },
    clientDuration: {
      kind: 'histogram',
      name: 'http.client.request.duration',
      unit: 's',
      description: 'Duration of HTTP client requests, to the head of the answer',
      buckets: httpBuckets,
      attributes: {
        'http.request.method': method,
        'server.address': 'hosts that the program calls',
        'server.port': 'their ports',
        'service.peer.name': 'services that the program calls',
        'http.response.status_code': status,
        'error.type': 'status codes from 400 on, error codes',
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
      description: 'Time between borrowing a connection and giving it back',
      buckets: databaseBuckets,
      attributes: pool,
    },
    connectionTimeouts: {
      kind: 'counter',
      name: 'db.client.connection.timeouts',
      unit: '{timeout}',
      description: 'Waits for a connection that ended without one',
      attributes: pool,
    },
    connectionCount: {
      kind: 'sum',
      name: 'db.client.connection.count',
      unit: '{connection}',
      description: 'Connections of the pool, by state',
      attributes: { ...pool, 'db.client.connection.state': ['idle', 'used'] },
    },
    connectionMax: {
      kind: 'sum',
      name: 'db.client.connection.max',
      unit: '{connection}',
      description: 'Most connections that the pool may open',
      attributes: pool,
    },
    connectionPending: {
      kind: 'sum',
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
      kind: 'sum',
      name: 'process.memory.usage',
      unit: 'By',
      description: 'Resident memory of the process',
    },
    loopDelayMean: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.mean',
      unit: 's',
      description: 'Mean delay of the event loop since the last export',
    },
    loopDelayP99: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.p99',
      unit: 's',
      description: '99th percentile of the delay of the event loop since the last export',
    },
    loopDelayMax: {
      kind: 'gauge',
      name: 'nodejs.eventloop.delay.max',
      unit: 's',
      description: 'Longest delay of the event loop since the last export',
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
      description: 'A request, to the end of its answer’s body; without a route where none matches',
    },
    '{http.request.method}': { kind: 'client', description: 'A call, to the head of the answer; each attempt its own' },
    '{db.query.summary}': { kind: 'client', description: 'A statement, with its parameterised text' },
    'db.client.connection.wait': {
      kind: 'internal',
      description: 'A wait for a connection of the pool of 1 ms or more, or one that ended without',
    },
  },

  events: {
    'http.server.request': 'The wide event: one line a request, with all that handlers `setAttribute()`',
    'http.server.request.exception': 'What a handler threw, or what broke a streamed body; once each',
    exception: 'An error that was handled (`recordException()`), or that nobody caught (FATAL)',
  },

  attributes: {
    'http.request.method': { type: 'string', description: 'Method; `_OTHER` for one that is not in the standard' },
    'http.request.method_original': { type: 'string', description: 'What stood there, when the method is `_OTHER`' },
    'http.request.resend_count': { type: 'int', description: 'How often this call was made before' },
    'http.response.status_code': { type: 'int', description: 'HTTP status' },
    'http.route': { type: 'string', description: 'Template of the route that answered' },
    'http.server.request.duration': { type: 'double', unit: 's', description: 'On the wide event: how long it took' },
    'url.path': { type: 'string', description: 'Path of the request, without its query' },
    'url.scheme': { type: 'string', description: 'Scheme of the request', values: ['http', 'https'] },
    'url.full': { type: 'string', description: 'Address of a call; credentials and secret parameters are `REDACTED`' },
    'server.address': { type: 'string', description: 'Host that was asked' },
    'server.port': { type: 'int', description: 'Its port' },
    'client.address': { type: 'string', description: 'Network of the caller, /24 or /48' },
    'network.protocol.version': { type: 'string', description: 'Version of HTTP' },
    'service.peer.name': { type: 'string', description: 'The `service.name` that a call goes to' },
    'error.type': {
      type: 'string',
      description: 'What went wrong: a code where there is one, else a class or a status',
    },
    'exception.type': { type: 'string', description: 'Class of an error' },
    'exception.message': { type: 'string', description: 'What it says, and what its causes say, without values' },
    'exception.stacktrace': { type: 'string', description: 'Where it was thrown' },
    'db.system.name': { type: 'string', description: 'Make of the database', values: ['mysql', 'sqlite'] },
    'db.namespace': { type: 'string', description: 'Name of the database' },
    'db.query.summary': { type: 'string', description: 'Operation and first table of a statement' },
    'db.query.text': { type: 'string', description: 'Parameterised text of a statement; never a value' },
    'db.operation.name': { type: 'string', description: 'Operation of a statement' },
    'db.collection.name': { type: 'string', description: 'First table of a statement' },
    'db.response.status_code': { type: 'string', description: 'Error number of the database' },
    'db.client.connection.pool.name': { type: 'string', description: 'Pool of connections' },
    'log.held_back.count': { type: 'int', unit: '{line}', description: 'Lines like this one that were not written' },
    'otel.exporter.endpoint': { type: 'string', description: 'Receiver that does not take signals' },
    'otel.exporter.outage_s': { type: 'int', unit: 's', description: 'How long it did not' },
    'otel.exporter.lost.spans': { type: 'int', unit: '{span}', description: 'Spans lost since it was last told' },
    'otel.exporter.lost.logs': { type: 'int', unit: '{log_record}', description: 'Log records lost' },
    'otel.exporter.lost.metric_data_points': {
      type: 'int',
      unit: '{data_point}',
      description: 'Points of metrics lost',
    },
  },
} as const satisfies Declarations

function exported(item: string, unit: string) {
  const description = 'Items whose export has ended; with error.type those that no receiver took'
  return {
    kind: 'counter',
    name: `otel.sdk.exporter.${item}.exported`,
    unit,
    description,
    attributes: outcome,
  } as const
}

function inFlight(item: string, unit: string) {
  const description = 'Items under way to a receiver'
  return { kind: 'sum', name: `otel.sdk.exporter.${item}.inflight`, unit, description, attributes: component } as const
}

function processed(item: string, unit: string) {
  const description = 'Items that have left the queue; with error.type those that were dropped'
  return {
    kind: 'counter',
    name: `otel.sdk.processor.${item}.processed`,
    unit,
    description,
    attributes: outcome,
  } as const
}

function queueSize(item: string, unit: string) {
  const description = 'Items that wait to be sent'
  return {
    kind: 'sum',
    name: `otel.sdk.processor.${item}.queue.size`,
    unit,
    description,
    attributes: component,
  } as const
}

function queueCapacity(item: string, unit: string) {
  const description = 'Items that may wait to be sent'
  return {
    kind: 'sum',
    name: `otel.sdk.processor.${item}.queue.capacity`,
    unit,
    description,
    attributes: component,
  } as const
}

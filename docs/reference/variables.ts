/**
 * The environment variables that no schema declares: those of the telemetry package, of the console and of commands. The
 * schemas of services describe their own. `settings.test.ts` compares both with what the code reads.
 */
import { stackEndpoints } from '../../stack/endpoints'

export interface Variable {
  type: string
  /** As it is displayed. Nothing where the variable has no default. */
  default?: string
  meaning: string
}

const stack = stackEndpoints()
const url = (address: string, server: string): Variable => ({
  type: 'URL',
  default: address,
  meaning: `Address of ${server}. The running native stack sets it by \`.stack/env\``,
})

/** Meanings of the telemetry package's variables. Type and default come from its own warnings about invalid values. */
export const telemetryMeanings: Record<string, string> = {
  AWS_LAMBDA_FUNCTION_NAME: 'Set by AWS Lambda. The exporter then flushes after each response and prefers delta sums',
  DEPLOYMENT_ENVIRONMENT: 'Becomes `deployment.environment.name`',
  LOG_LEVEL: 'Minimum severity of log records and of lines on standard output',
  OTEL_SDK_DISABLED: '`true`: nothing is exported; lines on standard output remain',
  OTEL_SERVICE_NAME: '`service.name` of every signal. The default is the name in the code',
  OTEL_RESOURCE_ATTRIBUTES: '`key=value,key=value`, percent-encoded: more resource attributes',
  OTEL_TRACES_SAMPLER: 'Head sampler',
  OTEL_TRACES_SAMPLER_ARG: 'Sampled share of traces for the `traceidratio` samplers',
  OTEL_TRACES_EXPORTER: 'Exporter of spans',
  OTEL_METRICS_EXPORTER: 'Exporter of metrics',
  OTEL_LOGS_EXPORTER: 'Exporter of log records',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'Base address of the OTLP receiver. User name and password in it become basic authentication',
  OTEL_EXPORTER_OTLP_HEADERS: '`key=value,key=value`: headers of each export request',
  OTEL_EXPORTER_OTLP_TIMEOUT: 'Milliseconds until an export request is aborted',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'Compression of request bodies',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'Encoding of request bodies',
  OTEL_EXPORTER_OTLP_CERTIFICATE: 'File with the trusted certificates (PEM)',
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'File with the client certificate for mutual TLS (PEM)',
  OTEL_EXPORTER_OTLP_CLIENT_KEY: 'File with the private key of the client certificate (PEM)',
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Aggregation temporality of sums and histograms',
  OTEL_METRIC_EXPORT_INTERVAL: 'Milliseconds between exports of metrics. Alerts and dashboards need 10 000 or less',
  OTEL_ATTRIBUTE_COUNT_LIMIT: 'Maximum number of attributes of a span, where no specific limit is set',
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: 'Maximum length of an attribute value, where no specific limit is set',
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: 'Maximum number of attributes of a span',
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: 'Maximum length of a span’s attribute values, in characters',
  OTEL_SPAN_EVENT_COUNT_LIMIT: 'Maximum number of events of a span',
  OTEL_SPAN_LINK_COUNT_LIMIT: 'Maximum number of links of a span',
  OTEL_BSP_SCHEDULE_DELAY: 'Milliseconds that a span waits for a batch',
  OTEL_BSP_MAX_QUEUE_SIZE: 'Spans that wait for export. When the queue is full, the oldest are dropped and counted',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 'Maximum number of spans in a request',
  OTEL_BLRP_SCHEDULE_DELAY: 'Milliseconds that a log record waits for a batch',
  OTEL_BLRP_MAX_QUEUE_SIZE:
    'Log records that wait for export. When the queue is full, the oldest are dropped and counted',
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: 'Maximum number of log records in a request',
  VITRINE_TRACES_PER_SECOND: 'Maximum number of new traces that are sampled per second',
  VITRINE_TRACES_RULES:
    '`GET /assets/*=0, /checkout/process=1`: sampled share by method and path; the first match decides',
}

/** Meanings of the variables in `collector.yaml`, `jaeger.yaml` and `loki.yaml`, which contain their defaults. */
export const configFileMeanings: Record<string, string> = {
  COLLECTOR_HOST: 'Address to listen on',
  COLLECTOR_GRPC_PORT: 'OTLP over gRPC',
  COLLECTOR_HTTP_PORT: 'OTLP over HTTP',
  COLLECTOR_HEALTH_PORT: 'Health check',
  COLLECTOR_METRICS_PORT: 'The collector’s own metrics',
  COLLECTOR_LOG_LEVEL: 'Minimum severity of the collector’s own log',
  COLLECTOR_QUEUE_DIR: 'Folder of the queues on disk',
  TAIL_SAMPLE_PERCENT:
    'Stored share of ordinary traces. Errors, slow requests and checkouts are always stored. 20 in `compose.production.yaml`',
  TAIL_DECISION_WAIT: 'Time until the tail sampler decides on a trace whose root span did not arrive',
  JAEGER_OTLP: 'Jaeger’s OTLP receiver (gRPC)',
  JAEGER_HOST: 'Address to listen on',
  JAEGER_DATA: 'Folder of the traces',
  JAEGER_OTLP_PORT: 'OTLP over gRPC',
  JAEGER_QUERY_PORT: 'HTTP API and pages',
  JAEGER_QUERY_GRPC_PORT: 'Query API over gRPC',
  JAEGER_HEALTH_PORT: 'Health check',
  JAEGER_METRICS_PORT: 'Jaeger’s own metrics',
  LOKI_OTLP: 'The log server’s OTLP endpoint',
  LOKI_QUEUE_SIZE: 'Log records that wait on disk for the log server',
  LOKI_HOST: 'Address to listen on',
  LOKI_PORT: 'HTTP API',
  LOKI_GRPC_PORT: 'Loki’s gRPC port',
  LOKI_DATA: 'Folder of the log lines',
  PROMETHEUS_OTLP: 'Prometheus’ OTLP endpoint',
}

/** Variables of programs other than the services, by section. */
export const otherVariables: Record<string, Record<string, Variable>> = {
  'Console (`bun run console`, `bun run dev`)': {
    VITRINE_CONSOLE_PORT: {
      type: 'port',
      default: '4318',
      meaning:
        'Port of the pages and of the OTLP receiver. `bun run dev` uses the port plus 2 where another program listens',
    },
    VITRINE_CONSOLE_STORE: {
      type: 'path',
      default: 'memory',
      meaning: 'SQLite file that stores what the console receives',
    },
    VITRINE_CONSOLE_FORWARD: { type: 'URL', meaning: 'Another OTLP receiver, which gets every request unchanged' },
    VITRINE_CONSOLE_RUNBOOKS: {
      type: 'path',
      default: '`docs/runbooks` with `bun run dev`',
      meaning: 'Folder of Markdown files that the console serves under `/runbooks`',
    },
    VITRINE_CONSOLE_VIEWS: {
      type: 'path',
      default: '`observability/console.json` with `bun run dev`',
      meaning: 'JSON file with panels, annotations and alert rules; `console/views.ts` is its schema',
    },
    VITRINE_CONSOLE: { type: '`off`', meaning: '`bun run dev` starts no console' },
  },
  'Log server (`bun console/log-server/index.ts`)': {
    LOG_SERVER_PORT: { type: 'port', default: '3100', meaning: 'Port of Loki’s API and of OTLP' },
    LOG_SERVER_DATA: { type: 'path', default: 'memory', meaning: 'Folder of the SQLite file with the log lines' },
    LOG_SERVER_CONFIG: {
      type: 'path',
      meaning: 'Loki configuration file. `otlp_config` and `retention_period` are used, the rest is ignored',
    },
  },
  '`bun run dev`': {
    VITRINE_BASE_PORT: {
      type: 'port',
      default: '5000',
      meaning: 'Port of the storefront. The other services use the next three',
    },
    VITRINE_DATA: { type: 'path', default: '.data', meaning: 'Folder of the SQLite files and of `faults.json`' },
    USER_DATABASE_URL: { type: 'URL or path', default: '.data/user.sqlite', meaning: 'Database of user-service' },
    PRODUCT_DATABASE_URL: {
      type: 'URL or path',
      default: '.data/product.sqlite',
      meaning: 'Database of product-service',
    },
    ORDER_DATABASE_URL: { type: 'URL or path', default: '.data/order.sqlite', meaning: 'Database of order-service' },
    CRASH_AT: {
      type: '`STEP`',
      meaning:
        'order-service kills itself at this step of a checkout or of a cart change (`services/order/index.ts`). Ignored in production',
    },
  },
  'Native stack (`bun run stack`)': {
    VITRINE_STACK_DIR: {
      type: 'path',
      default: '.stack',
      meaning: 'Folder of the stack’s data, logs and control socket',
    },
    VITRINE_STACK_PORT_OFFSET: { type: 'number', default: '0', meaning: 'Added to every port, 0 to 40 000' },
    VITRINE_STACK_CACHE: {
      type: 'path',
      default: '~/.cache/vitrine-stack',
      meaning: 'Folder of the programs that `stack/native/install` builds',
    },
    XDG_CACHE_HOME: { type: 'path', default: '~/.cache', meaning: 'Parent of the default cache folder' },
    PATH: { type: 'paths', meaning: 'Where `loki` and `k6` are looked up' },
  },
  'Endpoints that commands read (`validate`, `logs`, `scenario`, `loadtest`)': {
    FRONTEND_URL: { type: 'URL', default: 'http://127.0.0.1:5000', meaning: 'Address of the storefront' },
    USER_SERVICE_URL: { type: 'URL', default: 'http://127.0.0.1:5001', meaning: 'Address of user-service' },
    PRODUCT_SERVICE_URL: { type: 'URL', default: 'http://127.0.0.1:5002', meaning: 'Address of product-service' },
    ORDER_SERVICE_URL: { type: 'URL', default: 'http://127.0.0.1:5003', meaning: 'Address of order-service' },
    COLLECTOR_URL: url(stack.collector, 'the collector'),
    JAEGER_URL: url(stack.jaeger, 'Jaeger'),
    PROMETHEUS_URL: url(stack.prometheus, 'Prometheus'),
    LOKI_URL: url(stack.loki, 'the log server'),
    ALERTMANAGER_URL: url(stack.alertmanager, 'Alertmanager'),
    RECEIVER_URL: url(stack.alertReceiver, 'the development alert receiver'),
    CONSOLE_URL: url(stack.console, 'the console'),
    STACK_SHRINK: {
      type: 'number',
      default: '1',
      meaning: 'Divisor of alert windows, as given to `bun run stack --shrink`',
    },
  },
  Commands: {
    NO_COLOR: { type: 'any', meaning: '`bun run dev` and `bun run logs` print without colors' },
    GRAFANA_ADMIN_USER: {
      type: 'text',
      default: 'admin',
      meaning: 'Grafana’s administrator, for the checks of `bun run validate`',
    },
    GRAFANA_ADMIN_PASSWORD: { type: 'text', default: 'development-admin', meaning: 'Password of that administrator' },
    SCENARIO_ORDERS_PER_S: { type: 'number', default: '3', meaning: 'Orders per second during `bun run scenario`' },
    SCENARIO_VIEWS_PER_S: { type: 'number', default: '9', meaning: 'Page views per second during `bun run scenario`' },
    LOADTEST_ADMIN: {
      type: 'text',
      default: 'admin',
      meaning: 'Administrator that refills the stock during `bun run loadtest`',
    },
    LOADTEST_ADMIN_PASSWORD: { type: 'text', default: 'admin123', meaning: 'Password of that administrator' },
    GOGC: { type: 'number', default: '400', meaning: 'Garbage collection target of k6' },
    VITRINE_REQUIRE: {
      type: '`mariadb,mysql,browser,stack,node,go,registry,schemathesis`',
      meaning: '`bun run test` fails, instead of leaving tests out, where one of these is missing',
    },
  },
  'Load test engines (`k6 run -e NAME=value loadtest/k6/shop.ts`)': {
    SHAPE: {
      type: 'text',
      default: 'smoke',
      meaning: 'Load shape; `bun run loadtest` sets these variables from its options',
    },
    URL: { type: 'URL', default: 'http://localhost:5000', meaning: 'Address of the storefront' },
    RUN: { type: 'text', meaning: 'Name of the run' },
    JOURNEY: { type: 'text', default: 'mixed', meaning: 'Journey of each shopper' },
    RATE: { type: 'number', meaning: 'Journeys per second' },
    DURATION_S: { type: 'number', meaning: 'Seconds of the main stage' },
    THINK_S: { type: 'number', meaning: 'Mean seconds between the pages of a journey' },
    P95_MS: { type: 'number', meaning: 'Threshold of the 95th percentile, in milliseconds' },
    MAX_LAG_MS: { type: 'number', meaning: 'Delay of the engine, in milliseconds, above which a run is invalid' },
  },
  'Containers (`docker compose`)': {
    COMPOSE_FILE: {
      type: 'paths',
      default: 'compose.yaml and compose.override.yaml',
      meaning: '`compose.yaml:compose.production.yaml` for production',
    },
    USER_DATABASE_PASSWORD: {
      type: 'letters and digits',
      meaning: 'Password of user-service’s MySQL. Required in production',
    },
    PRODUCT_DATABASE_PASSWORD: {
      type: 'letters and digits',
      meaning: 'Password of product-service’s MySQL. Required in production',
    },
    ORDER_DATABASE_PASSWORD: {
      type: 'letters and digits',
      meaning: 'Password of order-service’s MySQL. Required in production',
    },
    GRAFANA_SECRET_KEY: {
      type: '32 characters',
      meaning: 'Encrypts secrets in Grafana’s database. Required in production',
    },
  },
  'Alerts (Alertmanager’s configuration)': {
    ALERT_SMTP_SMARTHOST: { type: 'host:port', meaning: 'SMTP server. Set it with the next two, or none of them' },
    ALERT_SMTP_FROM: { type: 'e-mail address', meaning: 'Sender' },
    ALERT_EMAIL_TO: {
      type: 'e-mail addresses',
      meaning: 'Recipients of critical alerts, and of warnings where neither Slack nor a webhook is set',
    },
    ALERT_SMTP_USERNAME: { type: 'text', meaning: 'SMTP login' },
    ALERT_SMTP_PASSWORD: { type: 'text', meaning: 'SMTP password' },
    ALERT_SMTP_REQUIRE_TLS: {
      type: '`true` or `false`',
      default: 'true',
      meaning: '`false` allows SMTP without TLS; refused with a password',
    },
    ALERT_SLACK_WEBHOOK_URL: { type: 'URL', meaning: 'Slack’s incoming webhook, for alerts of every severity' },
    ALERT_SLACK_CHANNEL: { type: 'text', meaning: 'Slack channel, where it is not the webhook’s own' },
    ALERT_WEBHOOK_URL: { type: 'URL', meaning: 'Webhook for critical alerts and warnings' },
    ALERT_WEBHOOK_TOKEN: { type: 'text', meaning: 'Bearer token for that webhook' },
    ALERT_RECEIVER_URL: { type: 'URL', meaning: 'The development alert receiver. The native stack and compose set it' },
    GRAFANA_URL: { type: 'URL', meaning: 'Public address of Grafana, for links in notifications' },
    RUNBOOK_BASE_URL: {
      type: 'URL',
      default: 'http://127.0.0.1:4320/runbooks',
      meaning: 'Address of the runbooks, for `runbook_url` of alerts. Default: the pages that the console serves',
    },
  },
}

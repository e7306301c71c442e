import type { Citation } from './case'

/**
 * Sentences of public documentation, read with a search tool that shows the first 1,500–2,000 characters of a page. Where a
 * sentence stands further down in Grafana's own page, the page that quotes it is named.
 */
const cite = (page: string, sentence: string): Citation => ({ page, sentence })

const loki = 'https://grafana.com/docs/loki/latest'
const httpApiChange = 'https://forger.sitiv.fr/apitech/loki/commit/6f46a8ffebf5a2ddf97c20ed1f1ab761745b2f56'
const volumeChange = 'https://forger.sitiv.fr/apitech/loki/commit/414f6f0d094a8cf0bb81b5ea207870c00aa40101'
const selectorChange = 'https://forge.tedomum.net/tedomum/loki/-/commit/5aba13bb6299086fbf80af28e2dd178f8e88111f'
const structureNotes = 'https://notes.nicolevanderhoeven.com/Structure+of+LogQL'
const labelsAndMetrics = 'https://github.com/grafana/loki/pull/2769'
const prometheusBasics = 'https://prometheus.io/docs/prometheus/latest/querying/basics'
const prometheusOperators = 'https://prometheus.io/docs/prometheus/latest/querying/operators'
const aggregations = 'https://grafana.com/blog/2021/01/11/how-to-use-logql-range-aggregations-in-loki/'
const troubleshoot = `${loki}/query/troubleshoot-query`
const otlpFormat = 'https://grafana.com/docs/grafana-cloud/send-data/otlp/adopt-new-logs-format'

export const citations = {
  selectorIsAnd: cite(
    'https://grafana.com/docs/enterprise-logs/latest/query/log_queries',
    'The log stream selector is specified by one or more comma-separated key-value pairs.',
  ),
  selectorRequired: cite(`${loki}/query/log_queries`, 'All LogQL queries contain a log stream selector.'),
  equal: cite(prometheusBasics, '`=`: Select labels that are exactly equal to the provided string.'),
  notEqual: cite(prometheusBasics, '`!=`: Select labels that are not equal to the provided string.'),
  regexMatch: cite(prometheusBasics, '`=~`: Select labels that regex-match the provided string.'),
  notRegexMatch: cite(prometheusBasics, '`!~`: Select labels that do not regex-match the provided string.'),
  prometheusRules: cite(
    selectorChange,
    'The same rules that apply for Prometheus Label Selectors apply for Loki Log Stream Selectors.',
  ),
  anchored: cite(prometheusBasics, 'Regex matches are always fully anchored.'),
  re2: cite(prometheusBasics, 'All regular expressions in Prometheus use RE2 syntax.'),
  emptyIsMissing: cite(
    prometheusBasics,
    'Label matchers that match empty label values also select all time series that do not have the specific label set at all.',
  ),
  samelabelTwice: cite(
    prometheusBasics,
    'Multiple matchers can be used for the same label name; they all must pass for a result to be returned.',
  ),
  notEverything: cite(
    prometheusBasics,
    'Vector selectors must either specify a name or at least one label matcher that does not match the empty string.',
  ),
  newline: cite(structureNotes, 'This matches log label values with newline character.'),
  backtick: cite(
    `${loki}/query/log_queries`,
    'To avoid escaping special characters you can use the `(backtick) instead of " when quoting strings.',
  ),
  lineContains: cite(structureNotes, '`|=`: Log line contains string'),
  lineContainsNot: cite(structureNotes, '`!=`: Log line does not contain string'),
  lineMatches: cite(structureNotes, '`|~`: Log line contains a match to the regular expression'),
  lineMatchesNot: cite(structureNotes, '`!~`: Log line does not contain a match to the regular expression'),
  stages: cite(
    `${loki}/query/log_queries`,
    'A log pipeline is a set of stage expressions that are chained together and applied to the selected log streams.',
  ),
  leftToRight: cite(
    `${loki}/query/bp-query`,
    'Loki evaluates a LogQL query from left to right, in the order that it is written.',
  ),
  filterTypes: cite(
    labelsAndMetrics,
    'Support for duration (| foo > 250ms), bytes (| foo >= 20KB), float (| foo = 5.0) and string (same as prometheus |foo=~"abc")',
  ),
  equality: cite(structureNotes, '== or = for equality.'),
  inequality: cite(structureNotes, '`!=` for inequality.'),
  greater: cite(structureNotes, '`>` and `>=` for greater than and greater than or equal.'),
  less: cite(structureNotes, '`<` and `<=` for lesser than and lesser than or equal.'),
  chain: cite(
    labelsAndMetrics,
    'you can chain multiple predicate using and and or which respectively express and and or binary operation.',
  ),
  commaIsAnd: cite(labelsAndMetrics, 'and can also simply replace by a comma, a space or another pipe.'),
  missingNumber: cite(
    'https://github.com/grafana/loki/issues/6713',
    'If you run following logql {foo="bar"}|logfmt|subqueries!=0 it returns msg=hello subqueries=5',
  ),
  missingText: cite(
    'https://github.com/grafana/loki/issues/6713',
    '{foo="bar"}|logfmt|subqueries!="0" … it also returns log lines that doesn\'t contain `subqueries` label in the first place.',
  ),
  json: cite(labelsAndMetrics, 'logfmt and json implicitly exposes all properties as labels, key are sanitize using _'),
  jsonNested: cite(
    'https://dianjiaogit.github.io/work/2021/11/21/LogQL-notes.html',
    '{ "a.b": {c: "d"}, e: "f" } -> {a_b_c="d", e="f"}. Note: Arrays are skipped.',
  ),
  jsonError: cite(
    'https://openillumi.com/?p=86819',
    'When a single | json parser encounters non-JSON lines, it generates a JSONParserErr … the internal __error__ label. This label is automatically populated when parsing fails.',
  ),
  template: cite(
    'https://grafana.com/docs/loki/v2.9.x/query/template_functions',
    'All labels are added as variables in the template engine. They can be referenced using they label name prefixed by a `.`',
  ),
  templateLine: cite(
    'https://grafana.com/docs/loki/v2.9.x/query/template_functions',
    'Additionally you can also access the log line using the `__line__` function',
  ),
  rate: cite(`${loki}/query/metric_queries`, 'rate(log-range): calculates the number of entries per second'),
  count: cite(
    `${loki}/query/metric_queries`,
    'count_over_time(log-range): counts the entries for each log stream within the given range.',
  ),
  bytes: cite(
    aggregations,
    'bytes_over_time(log-range): counts the amount of bytes used by each log stream for a given range',
  ),
  allLabels: cite(
    `${loki}/query/metric_queries`,
    'All labels, including extracted ones, will be available for aggregations and generation of new series.',
  ),
  durationPlace: cite(
    `${loki}/query/metric_queries`,
    'The duration can be placed after the log stream selector or at end of the log pipeline.',
  ),
  window: cite(
    prometheusBasics,
    'The range is a left-open and right-closed interval, i.e. samples with timestamps coinciding with the left boundary of the range are excluded from the selection, while samples coinciding with the right boundary of the range are included in the selection.',
  ),
  aggregate: cite(
    prometheusOperators,
    'These operators can either be used to aggregate over all label dimensions or preserve distinct dimensions by including a `without` or `by` clause.',
  ),
  topk: cite(prometheusOperators, '`topk(k, v)` (largest `k` elements by sample value)'),
  avg: cite(prometheusOperators, '`avg(v)` divides the sum of `v` by the number of aggregated samples'),
  steps: cite(
    httpApiChange,
    'First the query will be evaluated at `start` and then evaluated again at `start + step` and again at `start + step + step` until `end` is reached.',
  ),
  stepFormat: cite(
    httpApiChange,
    '`step`: Query resolution step width in `duration` format or float number of seconds.',
  ),
  matrix: cite(
    'https://grafana.com/docs/loki/v2.8.x/api',
    'Matrix: a table of values where each row represents a different label set and the columns are each sample value for that row over the queried time.',
  ),
  vector: cite(
    'https://grafana.com/docs/loki/v2.8.x/api',
    'Instant Vector: denoted in the type as just vector, an Instant Vector represents the latest value of a calculation for a given labelset.',
  ),
  startDefault: cite(
    httpApiChange,
    '`start`: The start time for the query as a nanosecond Unix epoch or another supported format. Defaults to one hour ago.',
  ),
  endDefault: cite(
    httpApiChange,
    '`end`: The end time for the query as a nanosecond Unix epoch or another supported format. Defaults to now.',
  ),
  direction: cite(
    httpApiChange,
    '`direction`: Determines the sort order of logs. Supported values are `forward` or `backward`. Defaults to `backward.`',
  ),
  limit: cite(
    'https://github.com/jafernandez73/grafana-loki/blob/v0.1.0/docs/api.md',
    'limit: max number of entries to return',
  ),
  limitDefault: cite(
    'https://kestra.io/plugins/io.kestra.plugin.grafana.loki.QueryRange',
    'limit to 100, direction BACKWARD',
  ),
  rfc3339: cite(
    'https://github.com/bastjan/loki/blob/v0.3.0/docs/api.md',
    'start: the start time for the query, as a nanosecond Unix epoch (nanoseconds since 1970) or as RFC3339Nano',
  ),
  parseError: cite(
    troubleshoot,
    'Parse errors occur when the LogQL query syntax is invalid. Loki returns HTTP status code `400 Bad Request` for all parse errors.',
  ),
  parsePosition: cite(troubleshoot, 'Or with position details: `parse error at line <line>, col <col>: <message>`'),
  maxSeries: cite(
    'https://github.com/grafana/loki/pull/2903/files (docs/sources/configuration)',
    'Limit the maximum of unique series that is returned by a metric query. When the limit is reached an error is returned. max_query_series: default = 500',
  ),
  body: cite(otlpFormat, 'LogLine: LogRecord.Body as a string'),
  metadata: cite(
    otlpFormat,
    'structured metadata: anything not stored in index labels and LogLine gets stored as structured metadata.',
  ),
  indexLabels: cite(
    `${loki}/send-data/otel`,
    'Index labels: Resource attributes map well to index labels in Loki, since both usually identify the source of the logs.',
  ),
  serviceName: cite(
    `${loki}/get-started/labels`,
    'Loki automatically tries to populate a default service_name label while ingesting logs.',
  ),
  unknownService: cite(
    'https://training-observability-v2.pages.dev/loki/04-labels',
    'If none exists — it assigns unknown_service.',
  ),
  metadataReturned: cite(
    'https://grafana.com/docs/loki/next/get-started/labels/structured-metadata',
    'Structured metadata is extracted automatically for each returned log line',
  ),
  metadataFilter: cite(
    `${loki}/get-started/labels/structured-metadata`,
    'Structured metadata can also be used to query commonly needed metadata from log lines without needing to apply a parser at query time.',
  ),
  levels: cite(
    'https://docs.nais.io/observability/logging/reference/loki-metrics',
    'The log level or severity of the log entries',
  ),
  categories: cite(
    'https://github.com/grafana/loki/pull/10419',
    "This adds a new dimension to Loki's labels since now we arguably have three categories of labels: stream, structured metadata, and parsed labels.",
  ),
  dropError: cite(
    'https://github.com/grafana/grafana/issues/79686',
    'This PR adds a drop __error__ operation to all Loki log volume queries.',
  ),
  endpoints: cite(
    'https://grafana.com/docs/enterprise-logs/latest/reference/loki-http-api',
    'These HTTP endpoints are exposed by the querier …: GET /loki/api/v1/labels, /label/<name>/values, /series, /index/stats, /index/volume, /index/volume_range',
  ),
  stats: cite(
    'http://www.webkkk.net/databendlabs/databend-loki-adapter/commit/030f66235f1c653454eaede6a855779dc8790d65',
    'GET /loki/api/v1/index/stats returns approximate `streams`, `chunks`, `entries`, and `bytes` counters for a selector over a `[start, end]` window.',
  ),
  volume: cite(
    volumeChange,
    'Each datapoint represents an aggregation of the matching label or series over the requested time period, returned in a Prometheus style vector response.',
  ),
  volumeRange: cite(
    volumeChange,
    'The `volume_range` endoint returns a series of datapoints over a range of time, in Prometheus style matrix response, for each matching set of labels or series.',
  ),
  ready: cite(
    'https://grafana.com/docs/loki/v2.9.x/reference/api',
    'These endpoints are exposed by all components: GET /ready … GET /loki/api/v1/status/buildinfo',
  ),
}

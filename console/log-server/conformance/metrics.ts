import { type Case, instant, type Line, line, range } from './case'
import { citations } from './citations'
import { refused, series, valuesOfVector } from './expect'

const logs: Line[] = [
  line(10, 'é', { attributes: { color: 'red' } }),
  line(30, 'abc', { attributes: { color: 'red' } }),
  line(50, 'abcd', { attributes: { color: 'blue' } }),
]
const edges = [line(0, 'a'), line('0.000000001', 'b'), line(60, 'c'), line('60.000000001', 'd')]
const broken = [line(10, '{"status":200}'), line(20, 'text')]
const of = (expression: string) => expression.replaceAll('LOGS', '{service_name="$service"}')

export const metrics: Case[] = [
  {
    name: 'count_over_time counts lines',
    citation: citations.count,
    logs,
    request: instant(of('sum(count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 3 }),
  },
  {
    name: 'rate is lines per second',
    citation: citations.rate,
    logs,
    request: instant(of('sum(rate(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 0.05 }),
  },
  {
    name: 'bytes_over_time counts bytes, not characters',
    citation: citations.bytes,
    logs,
    request: instant(of('sum(bytes_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 9 }),
  },
  {
    name: 'the range may follow the pipeline',
    citation: citations.durationPlace,
    logs,
    request: instant(of('sum(count_over_time(LOGS |= "abc" | color="red" [1m]))')),
    expect: series('vector', { labels: {}, value: 1 }),
  },
  {
    name: 'sum with by before the query',
    citation: citations.aggregate,
    logs,
    request: instant(of('sum by (color) (count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: { color: 'red' }, value: 2 }, { labels: { color: 'blue' }, value: 1 }),
  },
  {
    name: 'sum with by after the query',
    citation: citations.aggregate,
    logs,
    request: instant(of('sum(count_over_time(LOGS[1m])) by (color)')),
    expect: series('vector', { labels: { color: 'red' }, value: 2 }, { labels: { color: 'blue' }, value: 1 }),
  },
  {
    name: 'sum by two labels, of which one is missing',
    citation: citations.aggregate,
    logs,
    request: instant(of('sum by (color, nope) (count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: { color: 'red' }, value: 2 }, { labels: { color: 'blue' }, value: 1 }),
  },
  {
    name: 'sum by an extracted label',
    citation: citations.allLabels,
    logs: [line(10, '{"status":200}'), line(20, '{"status":500}'), line(30, '{"status":500}')],
    request: instant(of('sum by (status) (count_over_time(LOGS | json [1m]))')),
    expect: series('vector', { labels: { status: '200' }, value: 1 }, { labels: { status: '500' }, value: 2 }),
  },
  {
    name: 'a range aggregation alone has a series for each set of labels',
    citation: citations.count,
    logs,
    request: instant(of('count_over_time(LOGS[1m])')),
    expect: valuesOfVector(2, 1),
  },
  {
    name: 'count counts series',
    citation: citations.aggregate,
    logs,
    request: instant(of('count(count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  {
    name: 'max takes the largest',
    citation: citations.aggregate,
    logs,
    request: instant(of('max(count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  {
    name: 'min takes the smallest',
    citation: citations.aggregate,
    logs,
    request: instant(of('min by (service_name) (count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: { service_name: '$service' }, value: 1 }),
  },
  {
    name: 'avg divides the sum by the number of series',
    citation: citations.avg,
    logs,
    request: instant(of('avg(count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 1.5 }),
  },
  {
    name: 'topk takes the largest and keeps their labels',
    citation: citations.topk,
    logs,
    request: instant(of('topk(1, sum by (color) (count_over_time(LOGS[1m])))')),
    expect: series('vector', { labels: { color: 'red' }, value: 2 }),
  },
  {
    name: 'topk with a k above the number of series takes all',
    citation: citations.topk,
    logs,
    request: instant(of('topk(9, sum by (color) (count_over_time(LOGS[1m])))')),
    expect: valuesOfVector(2, 1),
  },
  {
    name: 'a window is open at its start and closed at its end',
    citation: citations.window,
    logs: edges,
    request: instant(of('sum(count_over_time(LOGS[1m]))')),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  {
    name: 'no lines: no series',
    citation: undefined,
    logs,
    request: instant(of('sum(count_over_time(LOGS |= "nope" [1m]))')),
    expect: series('vector'),
  },
  {
    name: 'a range query evaluates at start, start + step, … up to the end',
    citation: citations.steps,
    logs,
    request: range(of('sum(count_over_time(LOGS[20s]))'), { start: '$t(20)', step: '20s' }),
    expect: series('matrix', { labels: {}, value: { 20: 1, 40: 1, 60: 1 } }),
  },
  {
    name: 'a series has no value at a step whose window is empty',
    citation: citations.matrix,
    logs,
    request: range(of('sum by (color) (count_over_time(LOGS[20s]))'), { start: '$t(20)', step: '20s' }),
    expect: series(
      'matrix',
      { labels: { color: 'red' }, value: { 20: 1, 40: 1 } },
      { labels: { color: 'blue' }, value: { 60: 1 } },
    ),
  },
  {
    name: 'a step may be a number of seconds',
    citation: citations.stepFormat,
    logs,
    request: range(of('sum(count_over_time(LOGS[1m]))'), { start: '$t(30)', step: '30' }),
    expect: series('matrix', { labels: {}, value: { 30: 2, 60: 3 } }),
  },
  {
    name: 'windows of a range query may overlap',
    citation: citations.steps,
    logs,
    request: range(of('sum(count_over_time(LOGS[40s]))'), { start: '$t(20)', step: '20s' }),
    expect: series('matrix', { labels: {}, value: { 20: 1, 40: 2, 60: 2 } }),
  },
  {
    name: 'an instant query is a vector at its time',
    citation: citations.vector,
    logs,
    request: instant(of('sum(count_over_time(LOGS[1m]))'), { time: '$t(30)' }),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  {
    name: 'a metric query over lines with __error__ is refused',
    citation: undefined,
    fromMemory:
      'query/log_queries, "Pipeline Errors": "Metric queries cannot contain errors, in case errors are found during execution, Loki will return an error and appropriate status code."',
    logs: broken,
    request: instant(of('sum(count_over_time(LOGS | json [1m]))')),
    expect: refused(/JSONParserErr/),
  },
  {
    name: '__error__="" lets a metric query succeed',
    citation: citations.jsonError,
    logs: broken,
    request: instant(of('sum(count_over_time(LOGS | json | __error__="" [1m]))')),
    expect: series('vector', { labels: {}, value: 1 }),
  },
  {
    name: 'drop __error__ lets a metric query count lines with an error',
    citation: citations.dropError,
    logs: broken,
    request: instant(of('sum(count_over_time(LOGS | json | drop __error__ [1m]))')),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  {
    name: 'bytes_over_time counts what line_format wrote',
    citation: undefined,
    logs: [line(10, 'a long line')],
    request: instant(of('sum(bytes_over_time(LOGS | line_format "x" [1m]))')),
    expect: series('vector', { labels: {}, value: 1 }),
  },
  {
    name: 'more than 500 series are refused',
    citation: citations.maxSeries,
    logs: Array.from({ length: 501 }, (_, index) => line((index + 1) / 10, 'x', { attributes: { number: index } })),
    request: instant(of('sum by (number) (count_over_time(LOGS[1m]))')),
    expect: refused(/500/),
  },
  {
    name: 'a log query is not an instant query',
    citation: undefined,
    fromMemory:
      'reference/loki-http-api: "Instant queries are mostly used for metric type LogQL queries and will return a 400 (Bad Request) in case a log type query is provided."',
    logs,
    request: instant(of('LOGS')),
    expect: refused(/./),
  },
]

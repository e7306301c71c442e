import fc from 'fast-check'
import { baseS, services, timeNs, words } from './logs'
import { isPrintable } from './print'
import type {
  Aggregation,
  Compare,
  Filter,
  FormatPart,
  LogQuery,
  Matcher,
  Metric,
  Pattern,
  Request,
  Stage,
  TextTest,
} from './query'

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const indexLabels = ['service_name', 'service_namespace', 'deployment_environment_name']
/** Labels and values that they can have. Most tests of a label use one of its own values. */
const valuesOf: Record<string, readonly string[]> = {
  service_name: [...services, 'unknown_service'],
  service_namespace: ['shop', 'shop.eu', ''],
  deployment_environment_name: ['development', 'production', ''],
  user: ['ann', 'bob', 'o.c', ''],
  user_extracted: ['ann', 'bob', ''],
  note: ['', 'x', 'X y'],
  http_route: ['/cart', '/cart/{id}', ''],
  user_agent: ['curl/8', 'é', ''],
  gift: ['true', 'false', ''],
  order_id: ['1', '2', ''],
  order_total_sum: ['4.25', '0', ''],
  detected_level: ['error', 'info', 'unknown'],
  severity_text: ['ERROR', 'INFO', ''],
  trace_id: ['0af7651916cd43dd8448eb211c80319c', ''],
  scope_name: ['http', 'sql', ''],
  status: ['200', '404', ''],
  request_method: ['GET', 'POST', ''],
  service_name_extracted: ['cart', ''],
  ok: ['true', ''],
  empty: [''],
  text: [...words, ''],
  nope: ['', 'x'],
}
const textLabels = Object.keys(valuesOf)
/** Labels whose values are always numbers, or always durations. */
const numberLabels = ['n', 'n', 'status', 'severity_number', 'order_id', 'nope']
const durationLabels = ['wait', 'wait', 'wait', 'nope']
const foreignValues = ['', 'x', 'cart', 'LabelFilterErr', 'a "quoted" word']

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
const part = fc.oneof(
  oneOf([...words, 'cart', 'order', 'ann', 'GET']).map(literal),
  oneOf(['.', '.*', '.+', '[a-c]+', '[^a-z]', '\\d+', '\\w', '(?:ord|car)t?', 'a|b']),
)

/** Patterns with the same meaning in RE2 and in JavaScript. */
const labelPattern = (values: readonly string[]): fc.Arbitrary<Pattern> => {
  const own = oneOf(values).map(literal)
  const source = fc.oneof(
    fc.tuple(own, own).map((two) => two.join('|')),
    own.map((text) => `${text.slice(0, 1).replaceAll('\\', '')}.*`),
    oneOf(['.+', '.*']),
    fc.tuple(part, part).map((two) => two.join('')),
  )
  return fc.record({ source, ignoreCase: fc.boolean() })
}
const linePattern: fc.Arbitrary<Pattern> = fc.record({
  source: fc.oneof(
    part,
    part,
    oneOf(words).map((text) => `^${literal(text)}`),
    oneOf(words).map((text) => `${literal(text)}$`),
    fc.tuple(part, part).map((two) => two.join('.*')),
  ),
  ignoreCase: fc.boolean(),
})

const textTest = (label: string): fc.Arbitrary<TextTest> => {
  const values = valuesOf[label] ?? []
  const value = fc.oneof({ weight: 6, arbitrary: oneOf(values) }, { weight: 1, arbitrary: oneOf(foreignValues) })
  return fc.oneof(
    fc.record({ op: oneOf(['=', '!=', '!='] as const), value }),
    fc.record({ op: oneOf(['=~', '=~', '!~'] as const), pattern: labelPattern(values) }),
  )
}

/** A matcher that does not match the empty text: each selector needs one. */
const serviceMatches = (source: string): Matcher => ({
  label: 'service_name',
  op: '=~',
  pattern: { source, ignoreCase: false },
})
const anchor: fc.Arbitrary<Matcher> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(serviceMatches('.+')) },
  { weight: 2, arbitrary: fc.constant(serviceMatches('cart|order.*')) },
  { weight: 1, arbitrary: fc.constant<Matcher>({ label: 'service_namespace', op: '=', value: 'shop' }) },
  {
    weight: 1,
    arbitrary: oneOf(services).map((value): Matcher => ({ label: 'service_name', op: '=', value })),
  },
)
const extraMatcher: fc.Arbitrary<Matcher> = oneOf([...indexLabels, ...indexLabels, 'nope', 'trace_id']).chain((label) =>
  textTest(label).map((test) => ({ label, ...test })),
)
const selector = fc
  .tuple(anchor, maybe(extraMatcher), fc.boolean())
  .map(([first, extra, isLast]) => (extra ? (isLast ? [extra, first] : [first, extra]) : [first]))

const compare = oneOf<Compare>(['=', '==', '!=', '>', '>=', '<', '<='])
const textFilter = oneOf(textLabels).chain((label) =>
  textTest(label).map((test): Filter => ({ kind: 'text', label, ...test })),
)
const errorFilter = fc
  .tuple(oneOf(['=', '!='] as const), oneOf(['', 'JSONParserErr', 'LabelFilterErr']))
  .map(([op, value]): Filter => ({ kind: 'text', label: '__error__', op, value }))
const numberFilter = (labels: string[]): fc.Arbitrary<Filter> =>
  fc.record({
    kind: fc.constant('number' as const),
    label: oneOf(labels),
    op: compare,
    value: oneOf([-1, 0, 1, 2, 4.25, 9, 250, 404]),
  })
const durationFilter = (labels: string[]): fc.Arbitrary<Filter> =>
  fc.record({
    kind: fc.constant('duration' as const),
    label: oneOf(labels),
    op: compare,
    value: oneOf(['250ms', '1s', '1.5s', '1m', '90s', '2h45m', '0.10ms']),
  })

/** Operands of `or` never fail to convert, because it is not defined whether a failure in one of them sets an error. */
const clean = fc.oneof(textFilter, errorFilter, numberFilter(numberLabels), durationFilter(durationLabels))
const either = fc.tuple(clean, clean).map(([left, right]): Filter => ({ kind: 'or', left, right }))
const dirty = fc.oneof(numberFilter(['m']), durationFilter(['took', 'took_extracted']))
const single = fc.oneof(
  { weight: 4, arbitrary: clean },
  { weight: 1, arbitrary: dirty },
  { weight: 1, arbitrary: either },
)
const both = fc
  .tuple(oneOf([' and ', ', '] as const), single, single)
  .map(([separator, left, right]): Filter => ({ kind: 'and', separator, left, right }))
const filter = fc
  .oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: both })
  .map((of): Stage => ({ kind: 'filter', filter: of }))

const lineText = oneOf([...words, '"status":', 'a', '{'])
const others = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, fc.tuple(arbitrary))
/** What `or` means after a negative filter is not documented. */
const lineFilter: fc.Arbitrary<Stage> = fc.oneof(
  fc.record({
    kind: fc.constant('contains' as const),
    op: fc.constant('|=' as const),
    value: lineText,
    or: others(lineText),
  }),
  fc.record({
    kind: fc.constant('matches' as const),
    op: fc.constant('|~' as const),
    pattern: linePattern,
    or: others(linePattern),
  }),
  fc.record({
    kind: fc.constant('contains' as const),
    op: fc.constant('!=' as const),
    value: lineText,
    or: fc.constant([] as never[]),
  }),
  fc.record({
    kind: fc.constant('matches' as const),
    op: fc.constant('!~' as const),
    pattern: linePattern,
    or: fc.constant([] as never[]),
  }),
)
const formatPart: fc.Arbitrary<FormatPart> = fc.oneof(
  oneOf(textLabels).map((label) => ({ label })),
  oneOf([' ', 'é "x" ', 'user=', '\\d']).map((text) => ({ text })),
  fc.constant('line' as const),
)
const format: fc.Arbitrary<Stage> = fc
  .array(formatPart, { minLength: 1, maxLength: 3 })
  .map((parts) => ({ kind: 'format', parts }))
const drop: fc.Arbitrary<Stage> = fc
  .uniqueArray(oneOf([...textLabels, '__error__', 'observed_timestamp', 'm', 'n', 'took']), {
    minLength: 1,
    maxLength: 4,
  })
  .map((labels) => ({ kind: 'drop', labels: labels.includes('__error__') ? [...labels, '__error_details__'] : labels }))

/** `json` precedes every `drop`, because it is not defined whether an extracted label collides with a dropped one. */
const stages: fc.Arbitrary<Stage[]> = fc
  .tuple(
    fc.array(fc.oneof(lineFilter, filter), { maxLength: 1 }),
    maybe(fc.constant<Stage>({ kind: 'json' })),
    fc.array(fc.oneof({ weight: 3, arbitrary: filter }, lineFilter, format, drop), { maxLength: 2 }),
  )
  .map(([before, json, after]) => [...before, ...(json ? [json] : []), ...after])

const logQuery: fc.Arbitrary<LogQuery> = fc.record({ selector, stages }).filter(isPrintable)

const withoutErrors: fc.Arbitrary<Stage | undefined> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constant<Stage>({ kind: 'drop', labels: ['__error__', '__error_details__', 'observed_timestamp'] }),
  },
  {
    weight: 2,
    arbitrary: fc.constant<Stage>({ kind: 'filter', filter: { kind: 'text', label: '__error__', op: '=', value: '' } }),
  },
  { weight: 1, arbitrary: fc.constant(undefined) },
)

/** Ranges are at least as long as any step, so that every line of the queried time is in a window. */
const rangeAggregation: fc.Arbitrary<Metric> = fc
  .record({
    call: oneOf(['rate', 'count_over_time', 'bytes_over_time'] as const),
    query: logQuery,
    last: withoutErrors,
    range: oneOf(['1m', '90s', '1m30s', '5m']),
  })
  .map(({ call, query, last, range }) => ({
    kind: 'range',
    call,
    query: { ...query, stages: [...query.stages, ...(last ? [last] : [])] },
    range,
  }))

const aggregated = (of: fc.Arbitrary<Metric>): fc.Arbitrary<Metric> =>
  fc
    .record({
      op: oneOf<Aggregation>(['sum', 'count', 'max', 'min', 'avg']),
      by: maybe(fc.uniqueArray(oneOf([...textLabels, 'n']), { minLength: 1, maxLength: 2 })),
      isByInFront: fc.boolean(),
      of,
    })
    .map((all) => ({ kind: 'aggregate', ...all }))

const metricQuery = fc.record({
  top: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 3 }),
  metric: fc.oneof(rangeAggregation, aggregated(rangeAggregation), aggregated(aggregated(rangeAggregation))),
})

const wholeTime: [bigint, bigint] = [BigInt(baseS - 60) * 1_000_000_000n, BigInt(baseS + 600) * 1_000_000_000n]
const second = fc.integer({ min: -2, max: 24 }).map((step) => baseS + 15 * step)

/** A query of the supported grammar with the parameters of its request. */
export const request: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        query: logQuery,
        times: fc.oneof(fc.tuple(timeNs, timeNs), fc.constant(wholeTime)),
        limit: maybe(fc.integer({ min: 1, max: 60 })),
        direction: maybe(oneOf(['forward', 'backward'] as const)),
        isCategorized: fc.boolean(),
      })
      .map(({ times: [one, other], ...rest }): Request => {
        const [startNs, endNs] = one < other ? [one, other] : [other, one]
        return { kind: 'lines', ...rest, startNs, endNs: startNs === endNs ? endNs + 200_000_000_000n : endNs }
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ query: metricQuery, startS: second, stepS: oneOf([15, 30, 60]), steps: fc.integer({ min: 0, max: 6 }) })
      .map(({ steps, ...rest }): Request => ({ kind: 'matrix', ...rest, endS: rest.startS + steps * rest.stepS })),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vector' as const), query: metricQuery, timeS: second }) },
)

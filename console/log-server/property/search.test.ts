import { expect, test } from 'bun:test'
import { parser } from '@grafana/lezer-logql'
import fc from 'fast-check'
import type { EngineResponse } from './compare'
import { allLabels, type Entry, evaluateLines, evaluateMetric, keyOf, type Labels, PipelineError } from './naive'
import { request } from './queries'
import type { LogQuery, Matcher, Metric, Request } from './query'
import { describeRequest } from './request'
import { findDifference } from './search'

/** The response of an engine, in Loki's format. */
type Respond = (request: Request, entries: Entry[]) => EngineResponse

const wrongEngines: [mistake: string, respond: Respond][] = [
  [
    'the end is inclusive',
    (one, entries) => right(one.kind === 'lines' ? { ...one, endNs: one.endNs + 1n } : one, entries),
  ],
  [
    'the start is exclusive',
    (one, entries) => right(one.kind === 'lines' ? { ...one, startNs: one.startNs + 1n } : one, entries),
  ],
  [
    'the direction is ignored',
    (one, entries) => right(one.kind === 'lines' ? { ...one, direction: undefined } : one, entries),
  ],
  ['times are cut to microseconds', (one, entries) => right(one, entries.map(toMicroseconds))],
  [
    'windows include their start',
    (one, entries) => right(one, one.kind === 'lines' ? entries : entries.map(aLittleLater)),
  ],
  ['regular expressions of labels are not anchored', (one, entries) => right(withSelector(one, unanchored), entries)],
  ['a missing label is not the empty text', (one, entries) => right(withSelector(one, present), entries)],
  ['lines with an error are counted', (one, entries) => right(withoutErrors(one), entries)],
  ['topk takes one too many', (one, entries) => right(oneMore(one), entries)],
  ['a label is lost', (one, entries) => right(one, entries.map(withoutScope))],
]

test('the search finds no difference between the naive evaluator and itself', async () => {
  expect(await search(right, 500)).toBeUndefined()
}, 600_000)

test.each(wrongEngines)(
  'the search finds that %s, and reports the seed and the query',
  async (_, respond) => {
    const found = await search(respond, 20_000)
    expect(found).toMatch(/seed \d+.*query: .*\{.*difference: .*logs: /s)
  },
  600_000,
)

test('every random query is LogQL by the grammar', () => {
  fc.assert(
    fc.property(request, (one) => {
      const text = describeRequest(one).split('\n  (')[0] ?? ''
      let isWrong = false
      parser.parse(text).iterate({
        enter: ({ type }) => {
          isWrong ||= type.isError
        },
      })
      expect([text, isWrong]).toEqual([text, false])
    }),
    { numRuns: 2_000 },
  )
}, 600_000)

function search(respond: Respond, pairs: number): Promise<string | undefined> {
  const open = async (_: unknown, entries: Entry[]) => ({
    respond: async (one: Request) => respond(one, entries),
    close: () => {},
  })
  return findDifference(open, { pairs, seed: 1 })
}

function right(one: Request, entries: Entry[]): EngineResponse {
  try {
    const result = one.kind === 'lines' ? streams(one, entries) : series(one, entries)
    return { status: 200, body: JSON.stringify({ status: 'success', data: { resultType: typeOf(one), result } }) }
  } catch (error) {
    if (error instanceof PipelineError) return { status: 400, body: 'pipeline error' }
    throw error
  }
}

const typeOf = (one: Request): string => (one.kind === 'lines' ? 'streams' : one.kind)

function streams(one: Extract<Request, { kind: 'lines' }>, entries: Entry[]): object[] {
  const sign = one.direction === 'forward' ? 1 : -1
  const lines = evaluateLines(entries, one.query, one.startNs, one.endNs)
    .sort((a, b) => sign * Number(a.timeNs - b.timeNs))
    .slice(0, one.limit ?? 100)
  const labelsOf = (entry: Entry) => (one.isCategorized ? entry.labels : allLabels(entry))
  return Object.values(Object.groupBy(lines, (entry) => keyOf(labelsOf(entry)))).map((group = []) => ({
    stream: group[0] && labelsOf(group[0]),
    values: group.map(({ timeNs, line, metadata, parsed }) => [
      String(timeNs),
      line,
      ...(one.isCategorized ? [{ structuredMetadata: metadata, parsed }] : []),
    ]),
  }))
}

function series(one: Exclude<Request, { kind: 'lines' }>, entries: Entry[]): object[] {
  const vector = (timeS: number) => {
    const points = evaluateMetric(entries, one.query.metric, timeS).sort((a, b) => b.value - a.value)
    return points.slice(0, one.query.top ?? points.length)
  }
  if (one.kind === 'vector')
    return vector(one.timeS).map(({ labels, value }) => ({ metric: labels, value: [one.timeS, String(value)] }))
  const all = new Map<string, { metric: Labels; values: [number, string][] }>()
  for (let timeS = one.startS; timeS <= one.endS; timeS += one.stepS) {
    for (const { labels, value } of vector(timeS)) {
      const values = all.get(keyOf(labels))?.values ?? []
      all.set(keyOf(labels), { metric: labels, values: [...values, [timeS, String(value)]] })
    }
  }
  return [...all.values()]
}

const toMicroseconds = (entry: Entry): Entry => ({ ...entry, timeNs: (entry.timeNs / 1_000n) * 1_000n })

const aLittleLater = (entry: Entry): Entry => ({ ...entry, timeNs: entry.timeNs + 1n })

const withoutScope = (entry: Entry): Entry => {
  const { scope_name: _, ...metadata } = entry.metadata
  return { ...entry, metadata }
}

const unanchored = (matcher: Matcher): Matcher =>
  'pattern' in matcher
    ? { ...matcher, pattern: { ...matcher.pattern, source: `[^]*(?:${matcher.pattern.source})[^]*` } }
    : matcher

const present = (matcher: Matcher): Matcher =>
  'value' in matcher && matcher.op === '=' && matcher.value === ''
    ? { label: matcher.label, op: '=~', pattern: { source: '.+', ignoreCase: false } }
    : matcher

function withSelector(one: Request, change: (matcher: Matcher) => Matcher): Request {
  const changed = (query: LogQuery): LogQuery => ({ ...query, selector: query.selector.map(change) })
  if (one.kind === 'lines') return { ...one, query: changed(one.query) }
  return { ...one, query: { ...one.query, metric: changedMetric(one.query.metric, changed) } }
}

function withoutErrors(one: Request): Request {
  if (one.kind === 'lines') return one
  const changed = (query: LogQuery): LogQuery => ({
    ...query,
    stages: [...query.stages, { kind: 'drop', labels: ['__error__'] }],
  })
  return { ...one, query: { ...one.query, metric: changedMetric(one.query.metric, changed) } }
}

function changedMetric(metric: Metric, change: (query: LogQuery) => LogQuery): Metric {
  if (metric.kind === 'range') return { ...metric, query: change(metric.query) }
  return { ...metric, of: changedMetric(metric.of, change) }
}

function oneMore(one: Request): Request {
  if (one.kind === 'lines' || one.query.top === undefined) return one
  return { ...one, query: { ...one.query, top: one.query.top + 1 } }
}

import type { Compare, Filter, LogQuery, Metric, Pattern, Stage, TextTest } from './query'

/**
 * Evaluates LogQL over an array, as plainly as possible and by the public documentation: no index, no parser, no code of the
 * engine. Assumptions where the documentation is silent:
 *
 * - An empty label value and a missing label are the same.
 * - `line_format` writes an empty text for a missing label.
 * - `bytes_over_time` counts the bytes of the line after the pipeline.
 * - A line with `__error__` passes numeric and duration filters: only string filters remove it.
 */
export interface Entry {
  timeNs: bigint
  line: string
  /** Index labels. */
  labels: Labels
  /** Structured metadata. */
  metadata: Labels
  /** Labels that the query has extracted, and `__error__`. */
  parsed: Labels
}

export type Labels = Record<string, string>

export interface Point {
  labels: Labels
  value: number
}

export class PipelineError extends Error {}

/** The lines in [startNs, endNs), without an order. */
export function evaluateLines(entries: Entry[], query: LogQuery, startNs: bigint, endNs: bigint): Entry[] {
  return entries.filter(({ timeNs }) => startNs <= timeNs && timeNs < endNs).flatMap((entry) => process(entry, query))
}

/**
 * The vector at `timeS`; a range vector covers (timeS - range, timeS].
 * @throws PipelineError when a line of a window has an `__error__`
 */
export function evaluateMetric(entries: Entry[], metric: Metric, timeS: number): Point[] {
  if (metric.kind === 'aggregate') return aggregate(evaluateMetric(entries, metric.of, timeS), metric)
  const rangeNs = durationNs(metric.range) ?? 0
  const endNs = BigInt(timeS) * 1_000_000_000n
  const lines = entries
    .filter(({ timeNs }) => endNs - BigInt(rangeNs) < timeNs && timeNs <= endNs)
    .flatMap((entry) => process(entry, metric.query))
  if (lines.some(({ parsed }) => parsed.__error__)) throw new PipelineError()
  return groupBy(lines, allLabels).map(({ labels, items }) => ({ labels, value: sample(items) }))

  function sample(items: Entry[]): number {
    if (metric.kind !== 'range' || metric.call === 'count_over_time') return items.length
    if (metric.call === 'rate') return items.length / (rangeNs / 1e9)
    return sum(items.map(({ line }) => Buffer.byteLength(line)))
  }
}

function aggregate(points: Point[], { op, by }: Extract<Metric, { kind: 'aggregate' }>): Point[] {
  const groups = groupBy(points, ({ labels }) => only(labels, by ?? []))
  return groups.map(({ labels, items }) => ({ labels, value: combine(items.map(({ value }) => value)) }))

  function combine(values: number[]): number {
    if (op === 'sum') return sum(values)
    if (op === 'count') return values.length
    if (op === 'avg') return sum(values) / values.length
    return op === 'max' ? Math.max(...values) : Math.min(...values)
  }
}

/** All labels of a line. Extracted labels hide others with the same name. */
export function allLabels({ labels, metadata, parsed }: Entry): Labels {
  return nonEmpty({ ...labels, ...metadata, ...parsed })
}

export const keyOf = (labels: Labels): string => JSON.stringify(Object.entries(nonEmpty(labels)).sort())

export function nonEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
}

function process(entry: Entry, { selector, stages }: LogQuery): Entry[] {
  if (!selector.every((matcher) => passes(entry.labels[matcher.label] ?? '', matcher))) return []
  let current: Entry | undefined = entry
  for (const stage of stages) current = current && run(current, stage)
  return current ? [current] : []
}

function run(entry: Entry, stage: Stage): Entry | undefined {
  switch (stage.kind) {
    case 'contains':
      return hasOne(stage.value, ...stage.or) === (stage.op === '|=') ? entry : undefined
    case 'matches':
      return matchesOne(stage.pattern, ...stage.or) === (stage.op === '|~') ? entry : undefined
    case 'filter':
      return filtered(entry, stage.filter)
    case 'json':
      return withJson(entry)
    case 'drop':
      return {
        ...entry,
        labels: without(entry.labels, stage.labels),
        metadata: without(entry.metadata, stage.labels),
        parsed: without(entry.parsed, stage.labels),
      }
    case 'format': {
      const text = (part: (typeof stage.parts)[number]) => {
        if (part === 'line') return entry.line
        return 'text' in part ? part.text : (allLabels(entry)[part.label] ?? '')
      }
      return { ...entry, line: stage.parts.map(text).join('') }
    }
  }

  function hasOne(...texts: string[]): boolean {
    return texts.some((text) => entry.line.includes(text))
  }

  function matchesOne(...patterns: Pattern[]): boolean {
    return patterns.some((pattern) => regexOf(pattern, false).test(entry.line))
  }
}

function filtered(entry: Entry, filter: Filter): Entry | undefined {
  switch (filter.kind) {
    case 'and': {
      const left = filtered(entry, filter.left)
      return left && filtered(left, filter.right)
    }
    case 'or':
      return filtered(entry, filter.left) ?? filtered(entry, filter.right)
    case 'text':
      return passes(allLabels(entry)[filter.label] ?? '', filter) ? entry : undefined
    case 'number':
      return compared(entry, filter.label, numberOf, filter.op, filter.value)
    case 'duration':
      return compared(entry, filter.label, durationNs, filter.op, durationNs(filter.value) ?? Number.NaN)
  }
}

function compared(
  entry: Entry,
  label: string,
  convert: (text: string) => number | undefined,
  op: Compare,
  expected: number,
): Entry | undefined {
  if (entry.parsed.__error__) return entry
  const text = allLabels(entry)[label]
  if (text === undefined) return undefined
  const value = convert(text)
  if (value === undefined) return { ...entry, parsed: { ...entry.parsed, __error__: 'LabelFilterErr' } }
  return holds(value, op, expected) ? entry : undefined
}

function holds(value: number, op: Compare, expected: number): boolean {
  switch (op) {
    case '=':
    case '==':
      return value === expected
    case '!=':
      return value !== expected
    case '>':
      return value > expected
    case '>=':
      return value >= expected
    case '<':
      return value < expected
    case '<=':
      return value <= expected
  }
}

function passes(value: string, test: TextTest): boolean {
  if ('value' in test) return (value === test.value) === (test.op === '=')
  return regexOf(test.pattern, true).test(value) === (test.op === '=~')
}

/** The generator's patterns mean the same in RE2 and in JavaScript. */
function regexOf({ source, ignoreCase }: Pattern, isAnchored: boolean): RegExp {
  return new RegExp(isAnchored ? `^(?:${source})$` : source, ignoreCase ? 'iu' : 'u')
}

function withJson(entry: Entry): Entry {
  const properties = jsonObject(entry.line)
  if (!properties) return { ...entry, parsed: { ...entry.parsed, __error__: 'JSONParserErr' } }
  const parsed = { ...entry.parsed }
  for (const [path, value] of leaves(properties)) {
    const name = path.replaceAll(/[^a-zA-Z0-9_]/g, '_')
    parsed[entry.labels[name] || entry.metadata[name] ? `${name}_extracted` : name] = value
  }
  return { ...entry, parsed }
}

function jsonObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function leaves(properties: object, prefix = ''): [string, string][] {
  return Object.entries(properties).flatMap(([key, value]): [string, string][] => {
    if (Array.isArray(value) || value === null) return []
    if (typeof value === 'object') return leaves(value, `${prefix}${key}_`)
    return [[`${prefix}${key}`, String(value)]]
  })
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

const unitNs = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }

/** A duration such as `1m30s` in nanoseconds. */
export function durationNs(text: string): number | undefined {
  if (!/^((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  const parts = text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)
  return sum([...parts].map(([, amount, unit]) => Math.round(Number(amount) * unitNs[unit as keyof typeof unitNs])))
}

function groupBy<T>(items: T[], labelsOf: (item: T) => Labels): { labels: Labels; items: T[] }[] {
  const groups = new Map<string, { labels: Labels; items: T[] }>()
  for (const item of items) {
    const labels = labelsOf(item)
    const key = keyOf(labels)
    groups.set(key, { labels, items: [...(groups.get(key)?.items ?? []), item] })
  }
  return [...groups.values()]
}

const only = (labels: Labels, names: string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)))

const without = (labels: Labels, names: string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)))

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

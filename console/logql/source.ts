import type { Labels } from './labels'
import type { LabelFilter, LabelTest, LineFilter, LogQuery, Matcher } from './query'

/** A window of time. */
export interface TimeRange {
  /** Nanoseconds since 1970, inclusive. */
  startNs: bigint
  /** Nanoseconds since 1970, exclusive. */
  endNs: bigint
}

/** A log record in the terms of LogQL. */
export interface LogEntry {
  /** Nanoseconds since 1970. */
  timeNs: bigint
  line: string
  /** The line's length in UTF-8. */
  lineBytes: number
  /** Index labels; one object for all entries of a stream. */
  streamLabels: Labels
  /** One value of the structured metadata. A source reads it on demand. */
  metadata(name: string): string | undefined
  allMetadata(): Labels
}

/** The streams and the window that a query reads. */
export interface StreamSelection extends TimeRange {
  matchers: Matcher[]
}

/** What a log query or a range aggregation reads. */
export interface Selection extends StreamSelection {
  /** The order by time; `any` for no order. */
  direction: 'forward' | 'backward' | 'any'
  /** A source may leave out entries that do not meet all of these. The query tests the rest again. */
  conditions: (LineFilter | LabelFilter)[]
}

/** A store of log entries. */
export interface LogSource {
  /**
   * The entries of the selection, in its direction. Entries of the same time come in order of arrival. Other requests run between
   * the batches, some of which are empty.
   */
  entries(selection: Selection): AsyncIterable<LogEntry[]>
  /** The selected streams that have entries in the window, with their approximate size. */
  sizes(selection: StreamSelection): StreamSize[]
}

/** The size of a stream in a window. A source may count whole blocks, so the size can exceed the window. */
export interface StreamSize {
  labels: Labels
  chunks: number
  entries: number
  bytes: number
}

/**
 * The filters of a pipeline that a source can test on stored entries: those before the first stage that changes an entry,
 * except those whose result depends on the error of another filter.
 */
export function conditionsOf({ stages }: LogQuery): Selection['conditions'] {
  const conditions: Selection['conditions'] = []
  let comparisons = 0
  for (const stage of stages) {
    if (stage.kind === 'json' || stage.kind === 'line_format' || stage.kind === 'drop') break
    const tests = stage.kind === 'line' ? [] : testsOf(stage)
    if (tests.some(({ name }) => name.startsWith('__error'))) break
    comparisons += tests.filter(({ compares }) => compares).length
    // After a comparison that sets __error__, all further comparisons accept the line.
    if (comparisons < 2 || tests.every(({ compares }) => !compares)) conditions.push(stage)
  }
  return conditions
}

const testsOf = (filter: LabelFilter): LabelTest[] =>
  filter.kind === 'label' ? [filter] : [...testsOf(filter.left), ...testsOf(filter.right)]

/** The value that the conditions require of a label; `undefined` when more than one value can meet them. */
export const requiredValue = (conditions: Selection['conditions'], name: string): string | undefined =>
  conditions.find((one): one is LabelTest => one.kind === 'label' && one.name === name && Boolean(one.equals))?.equals

/** Whether index labels meet all matchers. A missing label has the value `''`. */
export const matchesAll = (matchers: Matcher[], labels: Labels): boolean =>
  matchers.every(({ name, matches }) => matches(labels[name] ?? ''))

// The approximate max time that other requests wait.
const maxBlockingMs = 10

/** Yields batches, and lets other requests run after every 10 ms, so that a long query does not delay them. */
export async function* withEventLoopPauses(batches: Iterable<LogEntry[]>): AsyncIterable<LogEntry[]> {
  let startMs = performance.now()
  for (const batch of batches) {
    yield batch
    if (performance.now() - startMs < maxBlockingMs) continue
    await new Promise<void>((resolve) => setImmediate(resolve))
    startMs = performance.now()
  }
}

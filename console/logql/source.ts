import type { LabelFilter, LabelTest, LineFilter, LogQuery, Matcher } from './query'

export type Labels = Record<string, string>

/** Labels without a prototype: `constructor` and `__proto__` are names like any other. */
export const noLabels = (): Labels => Object.create(null)

/** One log record as LogQL sees it. */
export interface LogEntry {
  /** Nanoseconds since 1970. */
  timeNs: bigint
  line: string
  /** The line's length in UTF-8. */
  lineBytes: number
  /** Index labels. Entries of one stream share the object. */
  streamLabels: Labels
  /** One value of the structured metadata, read only where a query needs it. */
  metadata(name: string): string | undefined
  allMetadata(): Labels
}

/** What a query reads. */
export interface Selection {
  matchers: Matcher[]
  /** The first nanosecond that counts. */
  startNs: bigint
  /** The first nanosecond that does not count any more. */
  endNs: bigint
  /** The order of time; `any` where it does not matter. */
  direction: 'forward' | 'backward' | 'any'
  /** Conditions that every entry must meet; a source may skip entries that do not. */
  conditions: (LineFilter | LabelFilter)[]
}

/** Where log entries are stored. */
export interface LogSource {
  /**
   * Entries that match the selection's matchers and window, in its order; equal times in order of arrival. They come in
   * batches, some of them empty, between which other requests have their turn.
   */
  entries(selection: Selection): AsyncIterable<LogEntry[]>
  /** The streams that match and that have entries in the window, with about how much they hold there. */
  sizes(selection: Pick<Selection, 'matchers' | 'startNs' | 'endNs'>): StreamSize[]
}

/** How much of a stream lies in a window: as a whole number of blocks, so possibly more than the window holds. */
export interface StreamSize {
  labels: Labels
  chunks: number
  entries: number
  bytes: number
}

/**
 * The filters of a pipeline that entries can be tested with as they are stored: those before the first stage that changes
 * an entry, without those that depend on the errors of other filters.
 */
export function conditionsOf({ stages }: LogQuery): Selection['conditions'] {
  const conditions: Selection['conditions'] = []
  let comparisons = 0
  for (const stage of stages) {
    if (stage.kind === 'json' || stage.kind === 'line_format' || stage.kind === 'drop') break
    const tests = stage.kind === 'line' ? [] : testsOf(stage)
    if (tests.some(({ name }) => name.startsWith('__error'))) break
    comparisons += tests.filter(({ compares }) => compares).length
    // A comparison that fails gives the line an error, and lets it pass those that follow.
    if (comparisons < 2 || tests.every(({ compares }) => !compares)) conditions.push(stage)
  }
  return conditions
}

const testsOf = (filter: LabelFilter): LabelTest[] =>
  filter.kind === 'label' ? [filter] : [...testsOf(filter.left), ...testsOf(filter.right)]

/** Whether index labels meet all matchers; a label that is missing is empty. */
export const matchesAll = (matchers: Matcher[], labels: Labels): boolean =>
  matchers.every(({ name, matches }) => matches(labels[name] ?? ''))

// What other requests wait for at most, about.
const turnMs = 10

/** Batches with pauses between them, so that a long query does not hold up what comes in. */
export async function* inTurns(batches: Iterable<LogEntry[]>): AsyncIterable<LogEntry[]> {
  let startMs = performance.now()
  for (const batch of batches) {
    yield batch
    if (performance.now() - startMs < turnMs) continue
    await new Promise<void>((resolve) => setImmediate(resolve))
    startMs = performance.now()
  }
}

import type { LabelFilter, LineFilter, LogQuery, Matcher } from './query'

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
  /** Entries that match the selection's matchers and window, in its order; equal times in order of arrival. */
  entries(selection: Selection): Iterable<LogEntry>
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
 * The filters of a pipeline that see entries as they are stored: those before the first stage that changes them, or that
 * looks at what earlier stages have set.
 */
export function conditionsOf({ stages }: LogQuery): Selection['conditions'] {
  const conditions: Selection['conditions'] = []
  for (const stage of stages) {
    if (stage.kind === 'json' || stage.kind === 'line_format' || stage.kind === 'drop') break
    if (stage.kind !== 'line' && looksAtErrors(stage)) break
    conditions.push(stage)
  }
  return conditions
}

const looksAtErrors = (filter: LabelFilter): boolean =>
  filter.kind === 'label'
    ? filter.name.startsWith('__error')
    : looksAtErrors(filter.left) || looksAtErrors(filter.right)

/** Whether index labels meet all matchers; a label that is missing is empty. */
export const matchesAll = (matchers: Matcher[], labels: Labels): boolean =>
  matchers.every(({ name, matches }) => matches(labels[name] ?? ''))

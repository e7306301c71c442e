import { Row, runStages } from './pipeline'
import type { LogQuery } from './query'
import { conditionsOf, type LogSource, type TimeRange } from './source'

export interface LineRange extends TimeRange {
  direction: 'forward' | 'backward'
  /** Max number of lines. */
  limit: number
}

/**
 * Evaluates a log query: the first rows in its direction that pass the pipeline, `limit` at most. A row holds memory of its
 * source, so read what you need from a row before you take the next one.
 */
export async function* findLines(
  source: LogSource,
  query: LogQuery,
  { limit, ...range }: LineRange,
): AsyncIterable<Row> {
  let found = 0
  const conditions = conditionsOf(query)
  for await (const batch of source.entries({ matchers: query.matchers, conditions, ...range })) {
    for (const entry of batch) {
      const row = new Row(entry)
      if (!runStages(query.stages, row)) continue
      yield row
      found++
      if (found >= limit) return
    }
  }
}

import { Row, run } from './pipeline'
import type { LogQuery } from './query'
import { conditionsOf, type LogSource } from './source'

export interface LineRange {
  /** The first nanosecond that counts. */
  startNs: bigint
  /** The first nanosecond that does not count any more. */
  endNs: bigint
  direction: 'forward' | 'backward'
  /** Max number of lines. */
  limit: number
}

/**
 * The rows of a log query after its pipeline: the first or last `limit` of the window, in the order of `direction`. A row
 * holds what its source has read; whoever takes what they need of it at once lets that go.
 */
export async function* findLines(
  source: LogSource,
  query: LogQuery,
  { limit, ...window }: LineRange,
): AsyncIterable<Row> {
  let found = 0
  const conditions = conditionsOf(query)
  for await (const batch of source.entries({ matchers: query.matchers, conditions, ...window })) {
    for (const entry of batch) {
      const row = new Row(entry)
      if (!run(query.stages, row)) continue
      yield row
      found++
      if (found >= limit) return
    }
  }
}

import { type Labels, noLabels } from '../../logql/labels'
import type { LogEntry } from '../../logql/source'
import type { StoredLine } from './write-block'

/** A line that is not in a block yet, as a query reads it. */
export function headEntry(stored: StoredLine): LogEntry {
  let labels: Labels | undefined
  const allMetadata = () => {
    labels ??= labelsOfPairs(stored.sharedMetadata, stored.metadata)
    return labels
  }
  return {
    ...{ timeNs: stored.timeNs, line: stored.line, streamLabels: stored.labels, allMetadata },
    get lineBytes() {
      return Buffer.byteLength(stored.line)
    },
    metadata: (name) => allMetadata()[name],
  }
}

function labelsOfPairs(...lists: string[][]): Labels {
  const labels = noLabels()
  for (const pairs of lists) for (let at = 0; at < pairs.length; at += 2) labels[pairs[at] ?? ''] = pairs[at + 1] ?? ''
  return labels
}

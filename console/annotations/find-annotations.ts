import type { Database } from 'bun:sqlite'
import type { Attributes } from '../receive/values'
import type { AnnotationKind } from '../views'

/** A moment or a period that explains a change in the charts, such as a deployment or a fault. */
export interface Annotation {
  id: number
  kind: AnnotationKind
  text: string
  /** The services that reported it. */
  services: string[]
  fromUs: number
  /** Equal to `fromUs` for a moment, undefined while a period is ongoing. */
  untilUs: number | undefined
}

interface Row {
  id: number
  time_us: number
  service: string
  event_name: string
  body: string
  attributes: string
}

// Several services report the same event within seconds.
const mergeWithinUs = 10_000_000

/** The names of the events that the store retains for these kinds. */
export const annotationEventNames = (kinds: AnnotationKind[]): string[] =>
  kinds.flatMap(({ begins, ends }) => (ends === undefined ? [begins] : [begins, ends]))

/** The annotations that overlap a period, in order. Reads all stored events, of which there are at most 500. */
export function findAnnotations(db: Database, kinds: AnnotationKind[], fromUs: number, toUs: number): Annotation[] {
  if (kinds.length === 0) return []
  const rows = db.query('SELECT * FROM annotations ORDER BY time_us, id').all() as Row[]
  const annotations: Annotation[] = []
  const latest = new Map<string, Annotation>()
  for (const row of rows) for (const kind of kinds) applyEvent(row, kind)
  return annotations.filter((annotation) => annotation.fromUs <= toUs && (annotation.untilUs ?? toUs) >= fromUs)

  function applyEvent(row: Row, kind: AnnotationKind): void {
    if (row.event_name !== kind.begins && row.event_name !== kind.ends) return
    const attributes = JSON.parse(row.attributes) as Attributes
    const key = `${kind.begins}\n${kind.by === undefined ? '' : attributes[kind.by]}`
    const previous = latest.get(key)
    if (isEnd(row, kind, attributes)) {
      if (previous) previous.untilUs = row.time_us
      latest.delete(key)
      return
    }
    const text = String((kind.label && attributes[kind.label]) || row.body || row.event_name)
    // A service reports a state again when it starts, at any time. Other events are the same only within seconds.
    if (previous?.text === text && (kind.over !== undefined || row.time_us - previous.fromUs < mergeWithinUs)) {
      previous.services = [...new Set([...previous.services, row.service])]
      return
    }
    begin(row, kind, key, text)
  }

  function begin({ id, time_us, service }: Row, kind: AnnotationKind, key: string, text: string): void {
    const previous = latest.get(key)
    const isPeriod = kind.ends !== undefined || kind.over !== undefined
    if (previous && isPeriod) previous.untilUs = time_us
    const annotation = { id, kind, text, services: [service], fromUs: time_us, untilUs: isPeriod ? undefined : time_us }
    annotations.push(annotation)
    latest.set(key, annotation)
  }
}

function isEnd({ event_name }: Row, { begins, ends, over }: AnnotationKind, attributes: Attributes): boolean {
  if (event_name !== begins) return event_name === ends
  return over !== undefined && Object.entries(over).every(([key, value]) => attributes[key] === value)
}

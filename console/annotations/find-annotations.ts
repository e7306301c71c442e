import type { Database } from 'bun:sqlite'
import type { Attributes } from '../receive/values'
import type { AnnotationKind } from '../views'

/** A moment or a stretch of time in which something happened that bends curves. */
export interface Annotation {
  id: number
  kind: AnnotationKind
  text: string
  /** Who said so. */
  services: string[]
  fromUs: number
  /** The same as `fromUs` of a moment; nothing of what goes on. */
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

// Several programs tell of one thing at about the same time.
const sameUs = 10_000_000

/** The names of the events that are to be kept for these. */
export const annotationEventNames = (kinds: AnnotationKind[]): string[] =>
  kinds.flatMap(({ begins, ends }) => (ends === undefined ? [begins] : [begins, ends]))

/** The marks that reach into a stretch of time, in order; of all that were kept, which are few. */
export function findAnnotations(db: Database, kinds: AnnotationKind[], fromUs: number, toUs: number): Annotation[] {
  if (kinds.length === 0) return []
  const rows = db.query('SELECT * FROM annotations ORDER BY time_us, id').all() as Row[]
  const marks: Annotation[] = []
  const open = new Map<string, Annotation>()
  for (const row of rows) for (const kind of kinds) take(row, kind)
  return marks.filter((mark) => mark.fromUs <= toUs && (mark.untilUs ?? toUs) >= fromUs)

  function take(row: Row, kind: AnnotationKind): void {
    if (row.event_name !== kind.begins && row.event_name !== kind.ends) return
    const attributes = JSON.parse(row.attributes) as Attributes
    const key = `${kind.begins}\n${kind.by === undefined ? '' : attributes[kind.by]}`
    const before = open.get(key)
    if (isEnd(row, kind, attributes)) {
      if (before) before.untilUs = row.time_us
      open.delete(key)
      return
    }
    const text = String((kind.label && attributes[kind.label]) || row.body || row.event_name)
    // A state that is told again, by who starts while it lasts, is the same; an event is, within seconds.
    if (before?.text === text && (kind.over !== undefined || row.time_us - before.fromUs < sameUs)) {
      before.services = [...new Set([...before.services, row.service])]
      return
    }
    begin(row, kind, key, text)
  }

  function begin({ id, time_us, service }: Row, kind: AnnotationKind, key: string, text: string): void {
    const before = open.get(key)
    const lasts = kind.ends !== undefined || kind.over !== undefined
    if (before && lasts) before.untilUs = time_us
    const mark = { id, kind, text, services: [service], fromUs: time_us, untilUs: lasts ? undefined : time_us }
    marks.push(mark)
    open.set(key, mark)
  }
}

function isEnd({ event_name }: Row, { begins, ends, over }: AnnotationKind, attributes: Attributes): boolean {
  if (event_name !== begins) return event_name === ends
  return over !== undefined && Object.entries(over).every(([key, value]) => attributes[key] === value)
}

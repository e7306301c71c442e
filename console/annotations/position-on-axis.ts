import type { Lang } from '../ui/format'
import type { Annotation } from './find-annotations'

/** A mark on a time axis: shares of its length, from 0 to 1. */
export interface AxisAnnotation {
  from: number
  until: number
  color: string
  title: string
}

/** Where marks lie between the first and the last time of an axis; those that lie beyond are left out. */
export function positionOnAxis(lang: Lang, marks: Annotation[], timesUs: number[]): AxisAnnotation[] {
  const [firstUs = 0] = timesUs
  const lengthUs = Math.max(1, (timesUs.at(-1) ?? 0) - firstUs)
  const shareOf = (us: number) => (us - firstUs) / lengthUs
  return marks
    .map(({ kind, text, fromUs, untilUs }) => ({
      from: shareOf(fromUs),
      until: untilUs === undefined ? 1 : shareOf(untilUs),
      color: kind.color,
      title: `${kind.title[lang]} · ${text}`,
    }))
    .filter(({ from, until }) => from <= 1 && until >= 0)
    .map(({ from, until, ...mark }) => ({ from: Math.max(0, from), until: Math.min(1, until), ...mark }))
}

import type { Lang } from '../ui/format'
import type { Annotation } from './find-annotations'

/** An annotation on a time axis. `from` and `until` are shares of the length of the axis, 0 to 1. */
export interface AxisAnnotation {
  from: number
  until: number
  color: string
  title: string
}

/** Positions annotations between the first and the last time of an axis, and leaves out those beyond it. */
export function positionOnAxis(lang: Lang, annotations: Annotation[], timesUs: number[]): AxisAnnotation[] {
  const [firstUs = 0] = timesUs
  const lengthUs = Math.max(1, (timesUs.at(-1) ?? 0) - firstUs)
  const shareOf = (us: number) => (us - firstUs) / lengthUs
  return annotations
    .map(({ kind, text, fromUs, untilUs }) => ({
      from: shareOf(fromUs),
      until: untilUs === undefined ? 1 : shareOf(untilUs),
      color: kind.color,
      title: `${kind.title[lang]} · ${text}`,
    }))
    .filter(({ from, until }) => from <= 1 && until >= 0)
    .map(({ from, until, ...rest }) => ({ from: Math.max(0, from), until: Math.min(1, until), ...rest }))
}

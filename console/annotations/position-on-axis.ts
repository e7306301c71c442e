import type { Lang } from '../ui/format'
import type { Annotation } from './find-annotations'

/** An annotation on a time axis. `from` and `until` are shares of the length of the axis, 0 to 1. */
export interface AxisAnnotation {
  from: number
  until: number
  color: string
  title: string
}

/**
 * Positions annotations between the first and the last time of an axis. Leaves out those that ended before it. Those that
 * began after it are at its end: an axis has complete steps only, so it ends before now.
 */
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
    .filter(({ until }) => until >= 0)
    .map(({ from, until, ...rest }) => ({ from: clamp(from), until: clamp(until), ...rest }))
}

const clamp = (share: number) => Math.min(1, Math.max(0, share))

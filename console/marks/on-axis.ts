import type { Lang } from '../ui/format'
import type { Mark } from './find-marks'

/** A mark on a time axis: shares of its length, from 0 to 1. */
export interface OnAxis {
  from: number
  until: number
  color: string
  title: string
}

/** Where marks lie between the first and the last time of an axis; those that lie beyond are left out. */
export function onAxis(lang: Lang, marks: Mark[], timesUs: number[]): OnAxis[] {
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

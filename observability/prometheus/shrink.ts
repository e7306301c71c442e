const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }
const leastS = 30
const shrinksFromS = 300

/** A duration of 5 minutes or more, `factor` times shorter, but 30 s at least; a shorter one as it is. */
export function shrinkDuration(duration: string, factor: number): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? []
  const lengthS = Number(count) * seconds[unit as keyof typeof seconds]
  if (Number.isNaN(lengthS)) throw new Error(`${duration} is no duration such as 5m`)
  if (factor === 1 || lengthS < shrinksFromS) return duration
  return `${Math.max(leastS, Math.round(lengthS / factor))}s`
}

/** PromQL with shorter windows and offsets. Names of series, which have windows in them too, stay. */
export const shrinkWindows = (expr: string, factor: number): string =>
  expr
    .replaceAll(/\[(\w+)\]/g, (_, window: string) => `[${shrinkDuration(window, factor)}]`)
    .replaceAll(/(?<=\boffset )\w+/g, (offset) => shrinkDuration(offset, factor))

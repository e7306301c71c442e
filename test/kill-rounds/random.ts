export interface Random {
  /** From `min` up to `max`, without it. */
  between(min: number, max: number): number
  pick<T>(choices: readonly T[]): T
}

/** Random numbers that a seed repeats (mulberry32). Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return { between: (min, max) => min + (max - min) * next(), pick }

  function pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(next() * choices.length)] as T
  }

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Picks a random choice. @throws Error for an empty list */
export function pickRandom<T>(choices: readonly T[]): T {
  const one = choices[Math.floor(Math.random() * choices.length)]
  if (one === undefined) throw new Error('no choices: has the shop no products?')
  return one
}

/** One of them by chance. @throws Error where there are none */
export function pickRandom<T>(choices: readonly T[]): T {
  const one = choices[Math.floor(Math.random() * choices.length)]
  if (one === undefined) throw new Error('nothing to choose from: has the shop no products?')
  return one
}

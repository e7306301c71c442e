import { sleep } from 'k6'
import { settings } from './settings.ts'
import { given } from './shapes.ts'

const { thinkS } = given(settings)

/** What a person takes between two pages: half of the mean to one and a half. */
export function think(): void {
  if (thinkS > 0) sleep(thinkS * (0.5 + Math.random()))
}

export function oneOf<T>(choices: readonly T[]): T {
  const one = choices[Math.floor(Math.random() * choices.length)]
  if (one === undefined) throw new Error('nothing to choose from: has the shop no products?')
  return one
}

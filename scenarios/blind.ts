import { createInterface } from 'node:readline/promises'
import { t } from '../src/typography'
import type { Scenario } from './contract'

const defaultAfterS = 120

/**
 * One of those that can be played here, and need no shop that has been used as usual for long.
 * @throws Error where there is none
 */
export async function pickRandomScenario(
  scenarios: Scenario[],
  obstacleOf: (one: Scenario) => Promise<string | undefined>,
): Promise<Scenario> {
  const obstacles = await Promise.all(scenarios.map(obstacleOf))
  const fit = scenarios.filter(({ minHistoryS }, index) => minHistoryS === undefined && obstacles[index] === undefined)
  const picked = fit[Math.floor(Math.random() * fit.length)]
  if (!picked) throw new Error('no scenario can be played here')
  return picked
}

/**
 * Asks what is broken, once it is; resolves with what was typed. Without a terminal, or with `after`, waits so many seconds.
 * @throws Error for an `after` that is no number of seconds
 */
export function createGuessPrompt(after: string | undefined, say: (line: string) => void): () => Promise<string> {
  const seconds = Number(after ?? defaultAfterS)
  if (!(seconds > 0)) throw new Error(`--after ${after} must be a number of seconds`)
  return async () => {
    if (after !== undefined || !process.stdin.isTTY) {
      say(`la réponse dans ${seconds} s`)
      await Bun.sleep(seconds * 1000)
      return ''
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await terminal.question(t`Qu'est-ce qui est en panne ? (ENTRÉE pour la réponse) `)
    } finally {
      terminal.close()
    }
  }
}

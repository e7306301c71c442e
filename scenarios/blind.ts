import { createInterface } from 'node:readline/promises'
import type { Scenario } from './contract'

const defaultAfterS = 120
// Some show only on a stack that is made for it, or has been used as usual for long.
const unfit = ({ historyS, obstacle }: Scenario) => historyS !== undefined || obstacle !== undefined

export function pickBlindly(scenarios: Scenario[]): Scenario {
  const fit = scenarios.filter((one) => !unfit(one))
  return fit[Math.floor(Math.random() * fit.length)] as Scenario
}

/**
 * Asks what is broken, once it is; resolves with what was typed. Without a terminal, or with `after`, waits so many seconds.
 * @throws Error for an `after` that is no number of seconds
 */
export function guess(after: string | undefined, say: (line: string) => void): () => Promise<string> {
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
      return await terminal.question('Qu’est-ce qui est en panne ? (ENTRÉE pour la réponse) ')
    } finally {
      terminal.close()
    }
  }
}

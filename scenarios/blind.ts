import { createInterface } from 'node:readline/promises'
import type { Scenario } from './contract'

const defaultRevealAfterS = 120

/**
 * Picks one of the scenarios that can run here and need no long history of normal use.
 * @throws Error where there is none
 */
export async function pickRandomScenario(
  scenarios: Scenario[],
  skipReasonOf: (scenario: Scenario) => Promise<string | undefined>,
): Promise<Scenario> {
  const skipReasons = await Promise.all(scenarios.map(skipReasonOf))
  const eligible = scenarios.filter(
    ({ minHistoryS }, index) => minHistoryS === undefined && skipReasons[index] === undefined,
  )
  const picked = eligible[Math.floor(Math.random() * eligible.length)]
  if (!picked) throw new Error('no scenario can run here')
  return picked
}

/**
 * Creates a prompt that asks what is broken and resolves with the text that was typed. Without a terminal, or with `after`, it
 * resolves with an empty string after that many seconds.
 * @throws Error for an `after` that is no number of seconds
 */
export function createGuessPrompt(after: string | undefined, print: (line: string) => void): () => Promise<string> {
  const seconds = Number(after ?? defaultRevealAfterS)
  if (!(seconds > 0)) throw new Error(`--after ${after} must be a number of seconds`)
  return async () => {
    if (after !== undefined || !process.stdin.isTTY) {
      print(`the solution follows in ${seconds} s`)
      await Bun.sleep(seconds * 1000)
      return ''
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await terminal.question('What is broken? (ENTER for the solution) ')
    } finally {
      terminal.close()
    }
  }
}

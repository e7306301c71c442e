import { describe, expect, test } from 'bun:test'
import { isMissing, type Requirement } from '../requirements'
import { runCommand } from '../run-command'

// 20 rounds in all. A new seed each time: the output of a failure has it.
const runs: [database: string, rounds: number, needs?: Requirement][] = [
  ['sqlite', 8],
  ['mariadb', 6, 'mariadb'],
  ['mysql', 6, 'mysql'],
]

describe.each(runs)('kill rounds on %s', (database, rounds, needs) => {
  test.skipIf(needs !== undefined && isMissing(needs))(
    'lose, double and leave pending no order',
    async () => {
      const words = ['--database', database, '--rounds', String(rounds)]
      const { exitCode, output } = await runCommand([process.execPath, `${import.meta.dir}/index.ts`, ...words])

      const nothing = '0 lost, 0 doubled, 0 pending, 0 pieces wrong, 0 unanswered, 0 wrong carts'
      expect(output).toMatch(
        new RegExp(`verdict: PASSED after ${rounds} rounds: [1-9]\\d* orders confirmed, .*: ${nothing}`),
      )
      expect(exitCode).toBe(0)
    },
    600_000,
  )
})

test('a wrong option is refused with the options that there are', async () => {
  const { exitCode, output } = await runCommand([
    process.execPath,
    `${import.meta.dir}/index.ts`,
    '--database',
    'oracle',
  ])

  expect(output).toStartWith('usage: bun run kill-rounds [--rounds N] [--database sqlite|mariadb|mysql] [--seed N]')
  expect(exitCode).toBe(2)
})

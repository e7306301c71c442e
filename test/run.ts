/**
 * `bun run test`: the quick parts, as far as this machine has what they need: five minutes when it is idle. `bun run test
 * all`: all parts. `bun run test PART…`: the named parts. A part that passes is one line; the last line has the counts.
 */
import { installPackages } from '../dev/install-packages'
import { installHint, isMissing, parseRequired } from './requirements'
import { runFiles } from './run-files'
import { selectParts } from './select-parts'
import { filesByPart, type Part } from './suite'
import { sumCounts, type TestCounts } from './test-counts'
import { findTestFiles } from './test-files'

// The times in suite.ts are measured on two cores. More parts at a time would slow each other down.
const parallel = 2

const oneFailure: TestCounts = { passed: 0, failed: 1, skipped: 0 }

const startMs = performance.now()
const results: TestCounts[] = []
const leftOut: string[] = []
try {
  await runAll(process.argv.slice(2))
} catch (error) {
  print((error as Error).message)
  results.push(oneFailure)
}
for (const line of leftOut) print(line)
const { passed, failed, skipped } = sumCounts(results)
print(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)

async function runAll(words: string[]): Promise<void> {
  parseRequired(process.env.VITRINE_REQUIRE)
  const { selected, deferred } = selectParts(words)
  await installPackages()
  const files = filesByPart(findTestFiles())
  const [alone, together] = [selected.filter(isAlone), selected.filter((part) => !isAlone(part))]
  const seconds = sumOf(together) / parallel + sumOf(alone)
  print(`${selected.length} parts, ${parallel} at a time; about ${inWords(seconds)} on two idle cores`)

  const waiting = [...together]
  const work = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) await run(part)
  }
  await Promise.all(Array.from({ length: parallel }, work))
  for (const part of alone) await run(part)
  for (const part of deferred) await leaveOut(part, 'takes long; to run it: bun run test all')

  async function run(part: Part): Promise<void> {
    try {
      await runOrLeaveOut(part)
    } catch (error) {
      results.push(oneFailure)
      print(`FAIL ${part.name}: ${(error as Error).message}`)
    }
  }

  async function runOrLeaveOut(part: Part): Promise<void> {
    const missing = part.requires?.filter(isMissing) ?? []
    if (missing.length > 0) {
      const advice = missing.map((need) => `${need} (${installHint(need)})`)
      return leaveOut(part, `needs ${advice.join(' and ')}`)
    }
    print(`…    ${part.name}: about ${inWords(part.seconds)}`)
    const beganMs = performance.now()
    const { output, ...counts } = await runOn(part.database, files.get(part) ?? [])
    results.push(counts)
    if (counts.failed > 0) print(output)
    const parts = [
      `${counts.passed} passed`,
      counts.failed && `${counts.failed} failed`,
      counts.skipped && `${counts.skipped} skipped`,
    ]
    const took = `${inWords((performance.now() - beganMs) / 1000)}; ${inWords((performance.now() - startMs) / 1000)} in all`
    print(`${counts.failed > 0 ? 'FAIL' : 'ok  '} ${part.name}: ${parts.filter(Boolean).join(', ')} (${took})`)
  }

  async function leaveOut(part: Part, why: string): Promise<void> {
    const { output, ...counts } = await runFiles(files.get(part) ?? [], { onlyCount: true })
    results.push(counts)
    if (counts.failed > 0) print(output)
    leftOut.push(`left out: ${counts.skipped} tests of ${part.name}, which ${why}`)
  }
}

async function runOn(database: Part['database'], files: string[]) {
  if (!database) return runFiles(files)
  // Imported late: they need packages, and a fresh clone has none before installPackages().
  const [{ startMariaDb }, { startMySql }] = await Promise.all([import('./mariadb'), import('./mysql')])
  const server = await { mariadb: startMariaDb, mysql: startMySql }[database]()
  try {
    return await runFiles(files, { env: { DATABASE_URL: server.url } })
  } finally {
    await server.stop()
  }
}

function isAlone(part: Part): boolean {
  return part.runsIn === 'all'
}

function sumOf(parts: Part[]): number {
  return parts.reduce((total, { seconds }) => total + seconds, 0)
}

function inWords(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * `bun run test`: everything that can run on this machine, and what it left out and why. The database tests run twice, on
 * SQLite and on a real MariaDB. Last line: the counts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { install } from '../src/dev/install'
import { lacks, leftOut } from './parts'

const databaseTests = ['./services', './src', './test/journey.test.ts', './test/lambda.test.ts']
const reports = mkdtempSync(`${tmpdir()}/vitrine-test-`)
const counts = { passed: 0, failed: 0, skipped: 0 }

for (const line of leftOut()) say(line)
try {
  await install()
  await run('everything, on SQLite', [])
  if (!lacks('mysql')) await onMariaDb()
} catch (error) {
  say((error as Error).message)
  counts.failed++
}
rmSync(reports, { recursive: true, force: true })
for (const line of leftOut()) say(line)
say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 ? 0 : 1)

async function onMariaDb(): Promise<void> {
  // Only now: it needs packages, which a fresh clone has not had until install().
  const { startMariaDb } = await import('./mariadb')
  const server = await startMariaDb()
  try {
    await run('the database tests, on MariaDB', databaseTests, { DATABASE_URL: server.url })
  } finally {
    await server.stop()
  }
}

async function run(title: string, paths: string[], env: Record<string, string> = {}): Promise<void> {
  say(`\n── ${title}`)
  const report = `${reports}/${Bun.randomUUIDv7()}.xml`
  const options = ['--only-failures', '--reporter=junit', `--reporter-outfile=${report}`, '--timeout=60000']
  const child = Bun.spawn([process.execPath, 'test', ...options, ...paths], {
    env: { ...process.env, ...env },
    stdout: 'inherit',
    stderr: 'inherit',
  })
  const exitCode = await child.exited
  const head =
    /<testsuites [^>]*>/.exec(
      await Bun.file(report)
        .text()
        .catch(() => ''),
    )?.[0] ?? ''
  const number = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const failed = Math.max(number('failures'), exitCode === 0 ? 0 : 1)
  counts.passed += number('tests') - number('failures') - number('skipped')
  counts.failed += failed
  counts.skipped += number('skipped')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

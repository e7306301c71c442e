import { readFileSync } from 'node:fs'

/** Tests by their result. */
export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/** A finished `bun test`. */
export interface BunTestRun {
  /** The test files that it was started with. */
  files: string[]
  /** The path of its JUnit report. A process that crashed has none. */
  report: string
  exitCode: number
}

/**
 * Counts what `bun test` reports. A file that the report does not name is one failure: it did not load, or the process
 * crashed. So is an exit code other than 0 for which the report has no failure.
 */
export function countResults({ files, report, exitCode }: BunTestRun): TestCounts & { withoutResult: string[] } {
  const xml = read(report)
  const [head = ''] = /<testsuites [^>]*>/.exec(xml) ?? []
  const number = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const reported = new Set([...xml.matchAll(/<testsuite [^>]*?\bfile="([^"]*)"/g)].map(([, file]) => file))
  const withoutResult = files.filter((file) => !reported.has(file))
  const failed = number('failures') + withoutResult.length
  return {
    passed: number('tests') - number('failures') - number('skipped'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: number('skipped'),
    withoutResult,
  }
}

/** The sum of results. */
export const sumCounts = (results: TestCounts[]): TestCounts =>
  results.reduce(
    (all, { passed, failed, skipped }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

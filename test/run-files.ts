import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { countResults, type TestCounts } from './test-counts'

// Guards against hanging only: a busy machine may be slow.
const timeoutMs = 180_000

export interface RunFilesResult extends TestCounts {
  /** Everything that `bun test` wrote, and which files have no result. */
  output: string
}

/**
 * Runs test files with `bun test` in a process of its own, and counts.
 * @param onlyCount skips all tests, so that `skipped` is their number
 * @param cwd the folder that `files` are relative to
 */
export async function runFiles(
  files: string[],
  { env = {}, onlyCount = false, cwd = '.' }: { env?: Record<string, string>; onlyCount?: boolean; cwd?: string } = {},
): Promise<RunFilesResult> {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-test-`)
  const report = `${dir}/report.xml`
  // One file for both, so that lines stay in their order.
  const output = openSync(`${dir}/output`, 'w')
  const options = ['--only-failures', `--timeout=${timeoutMs}`, '--reporter=junit', `--reporter-outfile=${report}`]
  const filter = onlyCount ? ['--test-name-pattern=(?!)', '--pass-with-no-tests'] : []
  try {
    const child = Bun.spawn([process.execPath, 'test', ...options, ...filter, ...files.map((file) => `./${file}`)], {
      cwd,
      env: { ...process.env, ...env },
      stdout: output,
      stderr: output,
    })
    const exitCode = await child.exited
    const { withoutResult, ...counts } = countResults({ files, report, exitCode })
    const how = child.signalCode ? `ended by ${child.signalCode}` : `exit code ${exitCode}`
    const missing = withoutResult.map((file) => `no result: ${file} (${how})\n`)
    return { ...counts, output: `${readFileSync(`${dir}/output`, 'utf8')}${missing.join('')}` }
  } finally {
    closeSync(output)
    rmSync(dir, { recursive: true, force: true })
  }
}

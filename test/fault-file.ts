import { onTestFinished } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { clearFaults } from '../src/faults/fault-file'

/** Creates a fault file with all faults off, in a folder that is removed when the test ends. */
export function createFaultFile(): string {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-faults-`)
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = `${dir}/faults.json`
  clearFaults(file)
  return file
}

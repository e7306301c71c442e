import { onTestFinished } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { clearFaults } from '../src/faults/fault-file'

/** For tests: a file of faults in a folder of its own, all off, gone with the test. */
export function createFaultFile(): string {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-faults-`)
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = `${dir}/faults.json`
  clearFaults(file)
  return file
}

/** Until it holds: what is watched arrives some milliseconds later. */
export async function waitUntil(holds: () => unknown): Promise<void> {
  for (let attempt = 0; attempt < 6000; attempt++) {
    if (await holds()) return
    await Bun.sleep(10)
  }
  throw new Error('did not happen within a minute')
}

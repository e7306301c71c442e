import { renameSync } from 'node:fs'

const root = `${import.meta.dir}/..`

/**
 * Writes a file as Biome formats it, in one step, and only when that changes it: another process never reads half of it.
 * @throws Error with what Biome says
 */
export async function writeFormatted(path: string, text: string): Promise<void> {
  const command = [`${root}/node_modules/.bin/biome`, 'format', `--stdin-file-path=${path}`]
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: root, stdin: new TextEncoder().encode(text) })
  if (exitCode !== 0) throw new Error(`biome format ${path}: ${stderr}`)
  const before = await Bun.file(path)
    .text()
    .catch(() => '')
  if (stdout.toString() === before) return
  await Bun.write(`${path}.new`, stdout)
  renameSync(`${path}.new`, path)
}

import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { alertmanagerConfig } from './config'

/**
 * `bun observability/alertmanager/write.ts FILE` renders Alertmanager's configuration from `ALERT_*`: it expands
 * no environment itself. The file holds secrets: only its owner reads it, which must be Alertmanager's user.
 */
const [file] = process.argv.slice(2)
try {
  if (!file) throw new Error('usage: write.ts FILE')
  write(file, Bun.YAML.stringify(alertmanagerConfig(process.env), null, 2))
  process.stdout.write(`${file} written\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

// Whole or not at all, and never readable by others, not even for a moment.
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600 })
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, path)
}

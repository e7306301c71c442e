import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { alertmanagerConfig } from './config'

/**
 * `bun observability/alertmanager/write.ts FILE` renders Alertmanager's configuration from `ALERT_*`, because Alertmanager does not
 * expand environment variables. The file holds secrets, so only its owner, Alertmanager's user, can read it.
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

// Atomic, and never readable by others.
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600 })
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, path)
}

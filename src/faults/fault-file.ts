import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { canBeOn, type Fault, type Flag, off, toFault, toFlag } from './fault'
import { type FaultKey, faultKeys, isFaultKey } from './flags'

interface FlagFile {
  flags: Record<string, Flag>
}

/** The file that the services of `bun run dev` watch and `bun run fault` writes; empty when `FAULTS_FILE` is empty. */
export function defaultFaultFile(env: Record<string, string | undefined>): string {
  const file = env.FAULTS_FILE ?? `${env.VITRINE_DATA ?? '.data'}/faults.json`
  return file && resolve(file)
}

/**
 * Sets one fault in a flag file and leaves the others unchanged. Creates a missing file with all other faults off. The file
 * is replaced atomically, so that watchers never read half of it.
 * @throws Error for an unknown fault, a value out of range (with the range), or a file that is not a flag file.
 */
export function setFault(file: string, key: FaultKey, fault: Fault): void {
  const flag = toFlag(key, fault)
  const { flags: others } = existsSync(file) ? read(file) : allOff()
  write(file, { flags: { ...others, [key]: flag } })
}

/** Turns all faults off. */
export function clearFaults(file: string): void {
  write(file, allOff())
}

/** Creates a missing file with all faults off. */
export function ensureFaultFile(file: string): void {
  if (!existsSync(file)) clearFaults(file)
}

/** The faults that are on. @throws Error when the file is not a flag file */
export function readFaults(file: string): Partial<Record<FaultKey, Fault>> {
  const active = Object.entries(existsSync(file) ? read(file).flags : {}).filter(
    ([key, flag]) => isFaultKey(key) && canBeOn(flag),
  )
  return Object.fromEntries(active.map(([key, flag]) => [key, toFault(flag)]))
}

const allOff = (): FlagFile => ({ flags: Object.fromEntries(faultKeys.map((key) => [key, off])) })

// An invalid file is reported and not replaced: a user may be editing it.
function read(file: string): FlagFile {
  try {
    const { flags } = JSON.parse(readFileSync(file, 'utf8'))
    return { flags: { ...flags } }
  } catch (cause) {
    throw new Error(`${file} is not a flag file: correct it, or reset it with bun run fault off`, { cause })
  }
}

function write(file: string, { flags }: FlagFile): void {
  const schema = 'https://flagd.dev/schema/v0/flags.json'
  const temporary = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(temporary, `${JSON.stringify({ $schema: schema, flags }, null, 2)}\n`)
  // Containers read the file as another user.
  chmodSync(temporary, 0o644)
  renameSync(temporary, file)
}

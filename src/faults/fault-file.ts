import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type FaultKey, faultKeys, flags, isFaultKey } from './flags'

/** A fault as people ask for it. */
export interface Fault {
  /** In the unit of its flag; 0 is off. */
  value: number
  /** A `service.name`, or that without `-service`; all services where none is named. */
  service?: string
  /** The template of a route, or a method and one: `/api/products`, `PUT /api/reservations/:orderId`. */
  route?: string
  /** Share of traces, above 0; of processes or batches where the fault is not a request's. */
  percent?: number
}

/** A flag of flagd's format, as far as it is used here. Source: https://flagd.dev/reference/flag-definitions/ */
interface Flag {
  state: string
  variants: Record<string, unknown>
  defaultVariant?: string
  targeting?: object
  metadata?: Record<string, unknown>
}

interface FlagFile {
  flags: Record<string, Flag>
}

/** The file that `bun run dev` gives its services and `bun run fault` writes; none with an empty `FAULTS_FILE`. */
export function defaultFaultFile(env: Record<string, string | undefined>): string {
  const file = env.FAULTS_FILE ?? `${env.VITRINE_DATA ?? '.data'}/faults.json`
  return file && resolve(file)
}

/** Weights of `fractional` are whole numbers: hundredths of a per cent. */
const hundredths = 100

/**
 * Sets one fault in a file of flags and leaves the others; makes the file, with all others off, where there is none. Written
 * at once (a file beside, then renamed): who watches never reads half of it.
 * @throws Error when the fault is unknown or its value makes no sense, with what does; or when the file is not one of flags.
 */
export function setFault(file: string, key: FaultKey, fault: Fault): void {
  const made = flagOf(key, fault)
  const { flags: others } = existsSync(file) ? read(file) : allOff()
  write(file, { flags: { ...others, [key]: made } })
}

/** Turns all faults off. */
export function clearFaults(file: string): void {
  write(file, allOff())
}

/** Makes the file where there is none, all off. */
export function ensureFaultFile(file: string): void {
  if (!existsSync(file)) clearFaults(file)
}

/** The faults that are on somewhere; of a flag that was written by hand, the largest value. @throws Error as `setFault` */
export function readFaults(file: string): Partial<Record<FaultKey, Fault>> {
  const found = Object.entries(existsSync(file) ? read(file).flags : {}).filter(
    ([key, flag]) => isFaultKey(key) && canBeOn(flag),
  )
  return Object.fromEntries(found.map(([key, flag]) => [key, toFault(flag)]))
}

/** Whether a flag has a value other than 0 for anybody. */
export function canBeOn({ state, variants, defaultVariant = '', targeting }: Flag): boolean {
  if (state !== 'ENABLED') return false
  const isTargeted = targeting !== undefined && Object.keys(targeting).length > 0
  return (isTargeted ? Object.values(variants) : [variants[defaultVariant]]).some((value) => Number(value) > 0)
}

/** What a flag asks for: as `setFault` noted it, or what can be told of one that was written by hand. */
export function toFault({ variants, metadata = {} }: Pick<Flag, 'variants' | 'metadata'>): Fault {
  const { value, service, route, percent } = metadata
  return {
    value:
      typeof value === 'number' ? value : Math.max(0, ...Object.values(variants).map(Number).filter(Number.isFinite)),
    ...(typeof service === 'string' && { service }),
    ...(typeof route === 'string' && { route }),
    ...(typeof percent === 'number' && { percent }),
  }
}

/** A fault in few words: `http-error 503 HTTP status, order, 50 %`. */
export function describeFault(key: FaultKey, { value, service, route, percent }: Fault): string {
  if (value === 0) return `${key} off`
  const unit = flags[key].unit
  const parts = [`${key} ${value}${unit === '1' ? '' : ` ${unit}`}`, service, route, percent && `${percent} %`]
  return parts.filter(Boolean).join(', ')
}

function flagOf(key: string, fault: Fault): Flag {
  if (!isFaultKey(key)) throw new Error(`no fault "${key}"; there are ${faultKeys.join(', ')}`)
  const { value, percent } = fault
  if (value === 0) return off
  const [least, most] = flags[key].range
  if (!(value >= least && value <= most)) {
    const range = least === most ? String(least) : `${least} to ${most} (${flags[key].unit})`
    throw new Error(`${key}: ${value} makes no sense: give ${range}, or 0 for off`)
  }
  if (percent !== undefined && !(percent > 0 && percent <= 100)) throw new Error(`percent: give more than 0, up to 100`)
  const variants = { off: 0, on: value }
  const targeting = targetingOf(fault)
  if (!targeting) return { state: 'ENABLED', variants, defaultVariant: 'on', metadata: { ...fault } }
  return { state: 'ENABLED', variants, defaultVariant: 'off', targeting, metadata: { ...fault } }
}

const off: Flag = { state: 'ENABLED', variants: { off: 0 }, defaultVariant: 'off' }

function targetingOf({ service, route, percent = 100 }: Fault): object | undefined {
  const [path, method] = route?.split(' ').reverse() ?? []
  const conditions = [
    ...(service ? [{ in: [{ var: 'service' }, [service, `${service}-service`]] }] : []),
    ...(method ? [{ '===': [{ var: 'method' }, method] }] : []),
    ...(path ? [{ '===': [{ var: 'route' }, path] }] : []),
  ]
  const weight = Math.round(percent * hundredths)
  const fractional = [
    ['on', weight],
    ['off', 100 * hundredths - weight],
  ]
  const share = percent < 100 ? { fractional } : 'on'
  if (conditions.length > 0) return { if: [{ and: conditions }, share, 'off'] }
  return percent < 100 ? { fractional } : undefined
}

const allOff = (): FlagFile => ({ flags: Object.fromEntries(faultKeys.map((key) => [key, off])) })

// Somebody's half-written file is not to be replaced by the way.
function read(file: string): FlagFile {
  try {
    const { flags: found } = JSON.parse(readFileSync(file, 'utf8'))
    return { flags: { ...found } }
  } catch (cause) {
    throw new Error(`${file} is no file of flags: mend it, or begin anew with bun run fault off`, { cause })
  }
}

function write(file: string, { flags: given }: FlagFile): void {
  const schema = 'https://flagd.dev/schema/v0/flags.json'
  const beside = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(beside, `${JSON.stringify({ $schema: schema, flags: given }, null, 2)}\n`)
  // In a container somebody else reads it.
  chmodSync(beside, 0o644)
  renameSync(beside, file)
}

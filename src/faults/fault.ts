import { type FaultKey, faultKeys, flags, isFaultKey } from './flags'

/** A fault to inject. */
export interface Fault {
  /** In the unit of its flag; 0 is off. */
  value: number
  /** A `service.name`, with or without `-service`; all services by default. */
  service?: string
  /** A route template, with or without a method: `/api/products`, `PUT /api/reservations/:orderId`. */
  route?: string
  /** Percentage of traces, above 0. For faults of the process: of processes or batches. */
  percent?: number
}

/** The parts of a flagd flag that are used here. Source: https://flagd.dev/reference/flag-definitions/ */
export interface Flag {
  state: string
  variants: Record<string, unknown>
  defaultVariant?: string
  targeting?: object
  metadata?: Record<string, unknown>
}

/** flagd's `fractional` takes integer weights: hundredths of a percent. */
const weightPerPercent = 100

/** The flag of a fault. @throws Error for an unknown fault or a value out of range */
export function toFlag(key: string, fault: Fault): Flag {
  if (!isFaultKey(key)) throw new Error(`unknown fault "${key}": use one of ${faultKeys.join(', ')}`)
  const { value, percent } = fault
  if (value === 0) return off
  const [min, max] = flags[key].range
  if (!(value >= min && value <= max)) {
    const range = min === max ? String(min) : `${min} to ${max} (${flags[key].unit})`
    throw new Error(`${key}: ${value} is out of range: use ${range}, or 0 for off`)
  }
  if (percent !== undefined && !(percent > 0 && percent <= 100))
    throw new Error(`percent: ${percent} is out of range: use more than 0, up to 100`)
  const variants = { off: 0, on: value }
  const targeting = targetingOf(fault)
  if (!targeting) return { state: 'ENABLED', variants, defaultVariant: 'on', metadata: { ...fault } }
  return { state: 'ENABLED', variants, defaultVariant: 'off', targeting, metadata: { ...fault } }
}

/** A flag that is off. */
export const off: Flag = { state: 'ENABLED', variants: { off: 0 }, defaultVariant: 'off' }

function targetingOf({ service, route, percent = 100 }: Fault): object | undefined {
  const [path, method] = route?.split(' ').reverse() ?? []
  const conditions = [
    ...(service ? [{ in: [{ var: 'service' }, [service, `${service}-service`]] }] : []),
    ...(method ? [{ '===': [{ var: 'method' }, method] }] : []),
    ...(path ? [{ '===': [{ var: 'route' }, path] }] : []),
  ]
  const weight = Math.round(percent * weightPerPercent)
  const fractional = [
    ['on', weight],
    ['off', 100 * weightPerPercent - weight],
  ]
  const share = percent < 100 ? { fractional } : 'on'
  if (conditions.length > 0) return { if: [{ and: conditions }, share, 'off'] }
  return percent < 100 ? { fractional } : undefined
}

/** Whether a flag can have a value other than 0 in any context. */
export function canBeOn({ state, variants, defaultVariant = '', targeting }: Flag): boolean {
  if (state !== 'ENABLED') return false
  const isTargeted = targeting !== undefined && Object.keys(targeting).length > 0
  return (isTargeted ? Object.values(variants) : [variants[defaultVariant]]).some((value) => Number(value) > 0)
}

/** The fault of a flag: from the metadata of `setFault`, or the largest variant of a flag that was written by hand. */
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

/** One line about a fault: `http-error 503 HTTP status, order, 50 %`. */
export function describeFault(key: FaultKey, { value, service, route, percent }: Fault): string {
  if (value === 0) return `${key} off`
  const unit = flags[key].unit
  const parts = [`${key} ${value}${unit === '1' ? '' : ` ${unit}`}`, service, route, percent && `${percent} %`]
  return parts.filter(Boolean).join(', ')
}

import type { Context } from 'hono'
import { durationNs } from '../logql/literals'
import type { Steps } from '../logql/metrics'
import { QueryError } from '../logql/query'
import type { TimeRange } from '../logql/source'

const hourNs = 3_600_000_000_000n
/** As Loki by default: `max_query_length`. */
const maxRangeNs = 721n * hourNs
/** As Loki by default: `max_entries_limit_per_query`. */
const maxLimit = 5000
const maxSteps = 11_000
const defaultSteps = 250

/** A request's parameters, from its URL and, where it is a form, from its body. */
export class Parameters {
  constructor(
    readonly all: URLSearchParams,
    readonly nowNs: bigint,
  ) {}

  static async of(c: Context, nowNs: bigint): Promise<Parameters> {
    const all = new URLSearchParams(new URL(c.req.url).search)
    const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')
    if (isForm) for (const [name, value] of new URLSearchParams(await c.req.text())) all.append(name, value)
    return new Parameters(all, nowNs)
  }

  text(name: string): string {
    return this.all.get(name) ?? ''
  }

  required(name: string): string {
    const value = this.text(name)
    if (value.trim() === '') throw new QueryError(`the parameter ${name} is missing`)
    return value
  }

  /** The window of `start`, `end` and `since`; of the last `defaultHours` where nothing is said. */
  range(defaultHours: number): TimeRange {
    const endNs = this.time('end') ?? this.nowNs
    const startNs = this.time('start') ?? endNs - (this.duration('since') ?? BigInt(defaultHours) * hourNs)
    if (endNs < startNs)
      throw new QueryError(`end (${this.text('end')}) must not be before start (${this.text('start')})`)
    if (endNs - startNs > maxRangeNs) {
      throw new QueryError('the query reads more than 721 hours, and that is the limit: ask for a shorter range')
    }
    return { startNs, endNs }
  }

  /** Nanoseconds since 1970 of an integer, of seconds with a fraction, or of RFC 3339. */
  time(name: string): bigint | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const time = timeOf(value)
    if (time !== undefined) return time
    throw new QueryError(
      `${name}=${value} is no time: use nanoseconds since 1970, seconds with a fraction, or RFC 3339`,
    )
  }

  duration(name: string): bigint | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const ns = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1e9 : durationNs(value)
    if (ns !== undefined && ns > 0 && Number.isFinite(ns)) return BigInt(Math.round(ns))
    throw new QueryError(`${name}=${value} is no duration: use seconds, or a text such as 5m`)
  }

  limit(): number {
    const value = this.text('limit')
    if (value === '') return 100
    const limit = Number(value)
    if (!/^\d+$/.test(value) || limit < 1) throw new QueryError(`limit=${value} must be a whole number above 0`)
    if (limit > maxLimit) throw new QueryError(`limit=${value}: at most ${maxLimit} lines are returned`)
    return limit
  }

  direction(): 'forward' | 'backward' {
    const value = this.text('direction').toLowerCase()
    if (value === '' || value === 'backward') return 'backward'
    if (value === 'forward') return value
    throw new QueryError(`direction=${value} must be forward or backward`)
  }

  /** The moments of a range query. */
  steps({ startNs, endNs }: TimeRange): Steps {
    const rangeNs = Number(endNs - startNs)
    const stepNs = Number(
      this.duration('step') ?? BigInt(Math.max(1, Math.floor(rangeNs / defaultSteps / 1e9))) * 1_000_000_000n,
    )
    const count = Math.floor(rangeNs / stepNs) + 1
    if (count > maxSteps) {
      throw new QueryError(
        `${count} points for each series, and ${maxSteps} is the limit: ask for a shorter range or a longer step`,
      )
    }
    return { startNs, stepNs, count }
  }
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

function timeOf(value: string): bigint | undefined {
  // Ten digits are seconds until the year 2286.
  if (/^\d{1,10}$/.test(value)) return BigInt(value) * 1_000_000_000n
  if (/^\d{11,19}$/.test(value)) return BigInt(value)
  const [, seconds = '', fraction = ''] = /^(\d{1,11})\.(\d*)$/.exec(value) ?? []
  if (seconds) return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  const [, date, nanos = '', zone] = rfc3339.exec(value) ?? []
  const ms = date ? Date.parse(`${date}${zone}`) : Number.NaN
  return Number.isNaN(ms) || ms < 0 ? undefined : BigInt(ms) * 1_000_000n + BigInt(nanos.padEnd(9, '0'))
}

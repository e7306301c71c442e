import type { Context } from 'hono'
import { durationNs } from '../logql/literals'
import type { Steps } from '../logql/metrics'
import { QueryError } from '../logql/query'
import type { TimeRange } from '../logql/source'
import { maxNanoseconds } from '../receive/values'

const secondNs = 1_000_000_000n
const hourNs = 3600n * secondNs
// Loki's default for `max_query_length`.
const maxRangeHours = 721
// Loki's default for `max_entries_limit_per_query`.
const maxLimit = 5000
const defaultLimit = 100
// A query has 128 KB at most.
const maxFormBytes = 512 * 1024
// Points per series.
const maxSteps = 11_000
// The approximate number of steps of a range query without `step`.
const defaultSteps = 250

/** The parameters of a request, from its URL and from a form in its body. All methods throw a QueryError for a wrong value. */
export class QueryParameters {
  constructor(
    readonly all: URLSearchParams,
    readonly nowNs: bigint,
  ) {}

  static async fromRequest(c: Context, nowNs: bigint): Promise<QueryParameters> {
    const all = new URLSearchParams(new URL(c.req.url).search)
    const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')
    if (isForm) for (const [name, value] of new URLSearchParams(await formText(c))) all.append(name, value)
    return new QueryParameters(all, nowNs)
  }

  /** The value; `''` when the parameter is missing. */
  text(name: string): string {
    return this.all.get(name) ?? ''
  }

  required(name: string): string {
    const value = this.text(name)
    if (value.trim() === '') throw new QueryError(`the parameter ${name} is missing`)
    return value
  }

  /** The window of `start`, `end` and `since`; the last `defaultHours` by default. */
  range(defaultHours: number): TimeRange {
    const endNs = this.time('end') ?? this.nowNs
    const startNs = this.time('start') ?? endNs - (this.duration('since') ?? BigInt(defaultHours) * hourNs)
    if (endNs < startNs)
      throw new QueryError(`end (${this.text('end')}) must not be before start (${this.text('start')})`)
    if (endNs - startNs > BigInt(maxRangeHours) * hourNs) {
      throw new QueryError(
        `the query reads more than ${maxRangeHours} hours, and that is the limit: use a shorter range`,
      )
    }
    return { startNs, endNs }
  }

  /** Nanoseconds since 1970, from an integer, from seconds with a fraction, or from RFC 3339; `undefined` without a value. */
  time(name: string): bigint | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const time = timeOf(value)
    if (time !== undefined && time <= maxNanoseconds) return time
    throw new QueryError(
      `${name}=${value} is not a time before 2261: use nanoseconds since 1970, seconds with a fraction, or RFC 3339`,
    )
  }

  /** Nanoseconds, from seconds or from a duration such as `5m`; `undefined` without a value. */
  duration(name: string): bigint | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const ns = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1e9 : durationNs(value)
    if (ns !== undefined && ns >= 1 && ns <= maxRangeHours * 3600e9) return BigInt(Math.round(ns))
    throw new QueryError(
      `${name}=${value} is not a duration up to ${maxRangeHours} hours: use seconds, or a text such as 5m`,
    )
  }

  /** The max number of lines. */
  limit(): number {
    const value = this.text('limit')
    if (value === '') return defaultLimit
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

  /** The moments at which a range query is evaluated. */
  steps({ startNs, endNs }: TimeRange): Steps {
    const rangeNs = Number(endNs - startNs)
    const stepNs = Number(
      this.duration('step') ?? BigInt(Math.max(1, Math.floor(rangeNs / defaultSteps / 1e9))) * secondNs,
    )
    const count = Math.floor(rangeNs / stepNs) + 1
    if (count > maxSteps) {
      throw new QueryError(
        `${count} points for each series, and ${maxSteps} is the limit: use a shorter range or a longer step`,
      )
    }
    return { startNs, stepNs, count }
  }
}

async function formText(c: Context): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxFormBytes)
      throw new QueryError(`the form has more than ${maxFormBytes / 1024} KB, and that is the limit`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

function timeOf(value: string): bigint | undefined {
  // Up to ten digits are seconds, until the year 2286; more digits are nanoseconds.
  if (/^\d{1,10}$/.test(value)) return BigInt(value) * secondNs
  if (/^\d{11,19}$/.test(value)) return BigInt(value)
  const [, seconds = '', fraction = ''] = /^(\d{1,11})\.(\d*)$/.exec(value) ?? []
  if (seconds) return BigInt(seconds) * secondNs + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  const [, date, nanos = '', zone] = rfc3339.exec(value) ?? []
  const ms = date ? Date.parse(`${date}${zone}`) : Number.NaN
  return Number.isNaN(ms) || ms < 0 ? undefined : BigInt(ms) * 1_000_000n + BigInt(nanos.padEnd(9, '0'))
}

import { parseArgs } from 'node:util'
import type { StockAccess } from '../stack/clients/stock-admin'
import type { Endpoints } from '../stack/endpoints'
import { type EngineName, engineNames, isEngineName } from './engines'
import { journeyNames } from './journeys/mix'
import { isShape, type Settings, shapeNames, shapes } from './shapes'

export interface Options {
  settings: Settings
  /** `undefined` without `--engine`. */
  engine: EngineName | undefined
  /** Folder for the summaries. */
  outDir: string
  /** OTLP endpoint for metrics and events. */
  otlpEndpoint: string
  /** The stack that stores the traces. */
  endpoints: Endpoints
  /** Access to the stock; `undefined` for another shop whose services are not given. */
  stock: StockAccess | undefined
}

type Env = Record<string, string | undefined>

/** @throws Error that lists the valid choices */
export function readOptions(args: string[], env: Env, endpoints: Endpoints, now = new Date()): Options {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ rate: text, duration: text, think: text, url: text, journey: text, out: text },
      ...{ engine: text, 'p95-ms': text, 'max-lag-ms': text },
    },
  })
  const [shape = 'smoke', ...more] = positionals
  if (!isShape(shape) || more.length > 0) throw new Error(usage)
  const journey = values.journey ?? 'mixed'
  if (!journeyNames.includes(journey)) throw new Error(`no journey ${journey}; there are ${journeyNames.join(', ')}`)
  const { engine } = values
  if (engine !== undefined && !isEngineName(engine))
    throw new Error(`no engine ${engine}; there are ${engineNames.join(', ')}`)
  const run = `${shape}-${stamp(now)}`
  const defaultEndpoint = env.COLLECTOR_URL ?? `http://127.0.0.1:${env.VITRINE_CONSOLE_PORT || 4318}`
  return {
    settings: {
      ...{ shape, run, journey, url: (values.url ?? endpoints.shop.frontend).replace(/\/+$/, '') },
      rate: positive('rate', values.rate),
      durationS: seconds(values.duration),
      thinkS: positive('think', values.think, true),
      p95Ms: positive('p95-ms', values['p95-ms']),
      maxLagMs: positive('max-lag-ms', values['max-lag-ms']),
    },
    engine,
    outDir: values.out ?? `.cache/loadtest/${run}`,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? (endpoints.isNative ? endpoints.collector : defaultEndpoint),
    endpoints,
    stock: stockAccess(values.url, env, endpoints),
  }
}

// For another shop (`--url`) the local services must not be used.
function stockAccess(url: string | undefined, env: Env, endpoints: Endpoints): StockAccess | undefined {
  const local = url === undefined ? endpoints.shop : undefined
  const users = env.USER_SERVICE_URL ?? local?.['user-service']
  const products = env.PRODUCT_SERVICE_URL ?? local?.['product-service']
  const admin = { username: env.LOADTEST_ADMIN ?? 'admin', password: env.LOADTEST_ADMIN_PASSWORD ?? 'admin123' }
  return users && products ? { users, products, admin } : undefined
}

const usage = [
  'usage: bun run loadtest [SHAPE] [--rate JOURNEYS_A_SECOND] [--duration 90s] [--think SECONDS] [--url http://…]',
  '                        [--journey NAME] [--p95-ms MILLISECONDS] [--out FOLDER] [--engine built-in|k6] [--max-lag-ms MILLISECONDS]',
  ...shapeNames.map((name) => `  ${name.padEnd(10)}  ${shapes[name].question}`),
  `journeys: ${journeyNames.join(', ')}`,
].join('\n')

function positive(name: string, text: string | undefined, allowsZero = false): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isFinite(number) && (number > 0 || (allowsZero && number === 0))) return number
  throw new Error(`--${name} ${text} is not a number above 0`)
}

/** Parses `90`, `90s`, `5m` or `1h`. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number, unit = 's'] = /^(\d+)([smh])?$/.exec(text) ?? []
  if (!number || Number(number) === 0) throw new Error(`--duration ${text} is not a time such as 90s, 5m or 1h`)
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h']
}

/** `261125-181502`, in local time. */
function stamp(now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [now.getFullYear() % 100, now.getMonth() + 1, now.getDate()].map(two).join('')
  return `${day}-${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('')}`
}

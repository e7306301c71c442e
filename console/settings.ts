import { z } from 'zod'
import { type Runbooks, readRunbooks } from './runbooks/read-runbooks'
import { type Views, viewsSchema } from './views'

export interface ConsoleSettings {
  port: number
  /** A SQLite file, or `:memory:`. */
  storePath: string
  /** The address of a receiver that gets all accepted export requests. */
  forwardTo: string | undefined
  views: Views
  runbooks: Runbooks
}

// The port of OTLP/HTTP.
const defaultPort = 4318

/**
 * Reads `VITRINE_CONSOLE_PORT`, `…_STORE`, `…_FORWARD`, `…_VIEWS` (a JSON file with panels and alert
 * rules) and `…_RUNBOOKS` (a folder of Markdown files).
 * @throws Error that names the invalid variable and what is expected
 */
export async function readConsoleSettings(env: Record<string, string | undefined>): Promise<ConsoleSettings> {
  const port = Number(env.VITRINE_CONSOLE_PORT || defaultPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`VITRINE_CONSOLE_PORT=${port} is not a port`)
  const forwardTo = env.VITRINE_CONSOLE_FORWARD?.replace(/\/$/, '') || undefined
  if (forwardTo !== undefined && !isOtherAddress(forwardTo, port)) {
    throw new Error(
      `VITRINE_CONSOLE_FORWARD=${forwardTo} must be the address of another receiver, such as http://localhost:4319`,
    )
  }
  const views = env.VITRINE_CONSOLE_VIEWS ? await readViews(env.VITRINE_CONSOLE_VIEWS) : viewsSchema.parse({})
  const runbooks = env.VITRINE_CONSOLE_RUNBOOKS ? await readRunbooks(env.VITRINE_CONSOLE_RUNBOOKS) : new Map()
  return { port, storePath: env.VITRINE_CONSOLE_STORE || ':memory:', forwardTo, views, runbooks }
}

// A console that forwards to itself would loop.
function isOtherAddress(address: string, port: number): boolean {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return false
  return !(['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) && Number(url.port) === port)
}

async function readViews(path: string): Promise<Views> {
  const text = await Bun.file(path)
    .text()
    .catch(() => undefined)
  if (text === undefined) throw new Error(`VITRINE_CONSOLE_VIEWS=${path} cannot be read`)
  const result = viewsSchema.safeParse(parseJson(text))
  if (result.success) return result.data
  throw new Error(`VITRINE_CONSOLE_VIEWS=${path}: ${z.prettifyError(result.error)}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

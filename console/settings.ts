import { z } from 'zod'
import { type Views, viewsSchema } from './views'

export interface ConsoleSettings {
  port: number
  /** The SQLite file that keeps what comes; memory by default. */
  storePath: string
  /** Where everything is sent on to, as it came. */
  forwardTo: string | undefined
  views: Views
}

/** The port of OTLP/HTTP; and the console's where a collector holds that. */
export const defaultPorts = { otlp: 4318, besideCollector: 4320 }

/**
 * Reads `VITRINE_CONSOLE_PORT`, `…_STORE`, `…_FORWARD` and `…_VIEWS` (a JSON file with panels and alert rules).
 * @throws Error that says which of them makes no sense, and what would.
 */
export async function readConsoleSettings(env: Record<string, string | undefined>): Promise<ConsoleSettings> {
  const port = Number(env.VITRINE_CONSOLE_PORT || defaultPorts.otlp)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`VITRINE_CONSOLE_PORT=${port} is not a port`)
  const forwardTo = env.VITRINE_CONSOLE_FORWARD?.replace(/\/$/, '') || undefined
  if (forwardTo !== undefined && !isOtherAddress(forwardTo, port)) {
    throw new Error(
      `VITRINE_CONSOLE_FORWARD=${forwardTo} must be the address of another receiver, such as http://localhost:4319`,
    )
  }
  const views = env.VITRINE_CONSOLE_VIEWS ? await readViews(env.VITRINE_CONSOLE_VIEWS) : viewsSchema.parse({})
  return { port, storePath: env.VITRINE_CONSOLE_STORE || ':memory:', forwardTo, views }
}

// To itself would be a circle.
function isOtherAddress(address: string, port: number): boolean {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return false
  return !(['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) && Number(url.port) === port)
}

async function readViews(path: string): Promise<Views> {
  const text = await Bun.file(path)
    .text()
    .catch(() => undefined)
  if (text === undefined) throw new Error(`VITRINE_CONSOLE_VIEWS=${path} can't be read`)
  const result = viewsSchema.safeParse(parsed(text))
  if (result.success) return result.data
  throw new Error(`VITRINE_CONSOLE_VIEWS=${path}: ${z.prettifyError(result.error)}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

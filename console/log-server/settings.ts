import { mkdirSync } from 'node:fs'
import { type LokiConfig, readLokiConfig } from '../loki-api/loki-config'

export interface LogServerSettings extends Partial<LokiConfig> {
  port: number
  /** A SQLite file, or `:memory:`. */
  path: string
}

type Env = Record<string, string | undefined>

/**
 * Reads `LOG_SERVER_PORT` (3100 by default), `LOG_SERVER_DATA` (a folder, which it creates; memory by default) and
 * `LOG_SERVER_CONFIG` (a Loki configuration file, of which it uses the OTLP mapping and the retention).
 * @throws Error with the variable that is wrong
 */
export async function readLogServerSettings(env: Env): Promise<LogServerSettings> {
  const port = Number(env.LOG_SERVER_PORT || 3100)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`LOG_SERVER_PORT=${env.LOG_SERVER_PORT} is not a port`)
  if (env.LOG_SERVER_DATA) mkdirSync(env.LOG_SERVER_DATA, { recursive: true })
  const path = env.LOG_SERVER_DATA ? `${env.LOG_SERVER_DATA}/logs.sqlite` : ':memory:'
  return { port, path, ...(env.LOG_SERVER_CONFIG && (await readConfig(env.LOG_SERVER_CONFIG))) }
}

async function readConfig(path: string): Promise<LokiConfig> {
  try {
    return readLokiConfig(await Bun.file(path).text())
  } catch (error) {
    throw new Error(`LOG_SERVER_CONFIG=${path}: ${(error as Error).message}`, { cause: error })
  }
}

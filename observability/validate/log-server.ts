import { readLokiConfig, runningConfig } from '../../console/loki-api/loki-config'
import { fetchOk } from '../../stack/clients/http'
import type { Endpoints } from '../../stack/endpoints'
import type { Check, CheckResult } from './check'
import { anyValue, contains } from './contains'

const file = 'observability/loki/loki.yaml'

/** The server to which the collector sends logs. */
export interface LogServer {
  name: 'the log server' | 'Loki'
  /** Its name for `bun run stack start NAME`, or in compose. */
  process: 'log-server' | 'loki'
}

/** Identifies Vitrine’s log server by its build information. Otherwise it is Loki; when nothing responds, the default one. */
export async function identifyLogServer({ loki, isNative }: Pick<Endpoints, 'loki' | 'isNative'>): Promise<LogServer> {
  const isOwn = await isOwnLogServer(loki).catch(() => isNative)
  return { name: isOwn ? 'the log server' : 'Loki', process: isNative ? 'log-server' : 'loki' }
}

/** Checks that it runs `observability/loki/loki.yaml`; Vitrine’s log server uses only the OTLP mapping and the retention. */
export function logServerConfigCheck(loki: string, { name }: LogServer, advice: string): Check {
  const isOwn = name === 'the log server'
  return {
    name: isOwn ? 'The log server runs loki.yaml' : 'Loki runs loki.yaml',
    expected: isOwn ? 'the file’s otlp_config and retention_period in /config' : 'every setting of the file in /config',
    advice,
    run: async () => checkLokiConfig(loki, await Bun.file(file).text(), isOwn),
  }
}

/** @param text of `loki.yaml`. @throws Error for settings that the log server does not support */
export async function checkLokiConfig(loki: string, text: string, isOwn: boolean): Promise<CheckResult> {
  const running = await (await fetchOk(`${loki}/config`)).text()
  if (isOwn) return contains(asRunning(text), Bun.YAML.parse(running))
  const { auth_enabled, ...shown } = expanded(text)
  // Loki does not report auth_enabled.
  return contains(auth_enabled === false ? shown : { auth_enabled }, Bun.YAML.parse(running))
}

// As the log server reports it: the same actions can be written in several ways.
function asRunning(text: string) {
  const { mapping, retentionMs } = readLokiConfig(text)
  const { limits_config } = runningConfig(mapping, retentionMs ?? 0)
  const { retention_period, otlp_config } = limits_config
  return { limits_config: retentionMs === undefined ? { otlp_config } : { retention_period, otlp_config } }
}

/** @see https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
async function isOwnLogServer(loki: string): Promise<boolean> {
  const url = `${loki}/loki/api/v1/status/buildinfo`
  const built = (await (await fetchOk(url, { signal: AbortSignal.timeout(3000) })).json()) as { buildUser?: string }
  return built.buildUser === 'Vitrine log server'
}

/** Replaces `${NAME:-default}` by a placeholder: these values differ between machines and are not compared. */
function expanded(text: string): Record<string, unknown> {
  return Bun.YAML.parse(text.replace(/\$\{[A-Z_]+:-[^}]*\}/g, anyValue)) as Record<string, unknown>
}

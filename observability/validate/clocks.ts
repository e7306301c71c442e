import { fetchOk } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import type { Check } from './check'
import type { LogServer } from './log-server'

const mostS = 2

/** Clocks that differ make spans that begin before their parents, and alerts that come late. */
export function clockChecks(
  { shop, jaeger, loki, alertmanager, prometheus }: Endpoints,
  logServer: LogServer,
): Check[] {
  const urls = {
    ...Object.fromEntries(Object.entries(shop).map(([name, url]) => [name, `${url}/health`])),
    jaeger: `${jaeger}/api/services`,
    [logServer.name]: `${loki}/ready`,
    alertmanager: `${alertmanager}/-/ready`,
    prometheus: `${prometheus}/-/ready`,
  }
  return [
    {
      name: 'All clocks agree',
      expected: `within ${mostS} s`,
      advice: 'let all machines follow one time server (chrony, systemd-timesyncd)',
      async run() {
        const asked = await Promise.all(
          Object.entries(urls).map(async ([name, url]) => ({ name, s: await differenceS(url).catch(() => undefined) })),
        )
        const known = asked.flatMap(({ s }) => (s === undefined ? [] : [s]))
        const silent = asked.filter(({ s }) => s === undefined).map(({ name }) => name)
        const most = Math.max(...known)
        const without = silent.length > 0 ? `; without ${silent.join(', ')}, where nobody told the time` : ''
        const seen = known.length > 0 ? `${most.toFixed(1)} s at most, of ${known.length}` : 'nobody answers'
        return { ok: known.length > 0 && most <= mostS, seen: seen + without }
      },
    },
  ]
}

/** By the `Date` of an answer, which knows whole seconds only; nothing where it has none. */
async function differenceS(url: string): Promise<number | undefined> {
  const beforeMs = Date.now()
  const { headers } = await fetchOk(url, { signal: AbortSignal.timeout(5000) })
  const date = headers.get('date')
  if (!date) return undefined
  const theirMs = Date.parse(date)
  return Math.max(0, beforeMs - (theirMs + 1000), theirMs - Date.now()) / 1000
}

import { fetchOk } from '../../stack/clients/http'
import type { Endpoints } from '../../stack/endpoints'
import type { Check } from './check'
import type { LogServer } from './log-server'

const maxDifferenceS = 2

/** When clocks differ, spans begin before their parents and alerts are late. */
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
      expected: `within ${maxDifferenceS} s`,
      advice: 'synchronize all machines with one time server (chrony, systemd-timesyncd)',
      async run() {
        const results = await Promise.all(
          Object.entries(urls).map(async ([name, url]) => ({ name, s: await differenceS(url).catch(() => undefined) })),
        )
        const differences = results.flatMap(({ s }) => (s === undefined ? [] : [s]))
        const withoutDate = results.filter(({ s }) => s === undefined).map(({ name }) => name)
        const max = Math.max(...differences)
        const note = withoutDate.length > 0 ? `; no time from ${withoutDate.join(', ')}` : ''
        const seen =
          differences.length > 0 ? `at most ${max.toFixed(1)} s, ${differences.length} clocks` : 'no server responds'
        return { ok: differences.length > 0 && max <= maxDifferenceS, seen: seen + note }
      },
    },
  ]
}

/** The difference by the `Date` header, which has whole seconds only; `undefined` without the header. */
async function differenceS(url: string): Promise<number | undefined> {
  const beforeMs = Date.now()
  const { headers } = await fetchOk(url, { signal: AbortSignal.timeout(5000) })
  const date = headers.get('date')
  if (!date) return undefined
  const theirMs = Date.parse(date)
  return Math.max(0, beforeMs - (theirMs + 1000), theirMs - Date.now()) / 1000
}

import { promql } from '../backends'
import type { Check } from './check'
import type { Places } from './places'

const mostS = 2

/** Clocks that differ make spans that begin before their parents, and alerts that come late. */
export function clockChecks(places: Places): Check[] {
  const { shop, jaeger, loki, alertmanager, prometheus } = places
  const urls = [
    ...Object.values(shop).map((url) => `${url}/health`),
    `${jaeger}/api/services`,
    `${loki}/ready`,
    `${alertmanager}/-/ready`,
  ]
  return [
    {
      name: 'All clocks agree',
      expected: `within ${mostS} s`,
      advice: 'let all machines follow one time server (chrony, systemd-timesyncd)',
      async run() {
        const differences = await Promise.all(urls.map(differenceS))
        const beforeMs = Date.now()
        const [time] = await promql(prometheus, 'time()')
        differences.push(Math.abs((time?.value ?? 0) - beforeMs / 1000))
        const most = Math.max(...differences)
        return { ok: most <= mostS, seen: `${most.toFixed(1)} s at most, of ${differences.length}` }
      },
    },
  ]
}

/** By the `Date` of an answer, which knows whole seconds only. */
async function differenceS(url: string): Promise<number> {
  const beforeMs = Date.now()
  const date = (await fetch(url)).headers.get('date')
  if (!date) return 0
  const theirMs = Date.parse(date)
  return Math.max(0, beforeMs - (theirMs + 1000), theirMs - Date.now()) / 1000
}

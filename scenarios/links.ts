import { alerts, runbookUrl } from '../observability/alerts'
import type { Places } from '../observability/validate/places'
import { t } from '../src/typography'
import type { Course } from './verdict'

export interface Link {
  text: string
  href: string
}

const aroundMs = 60_000

/** Where one reads on: the trace, the lines of those minutes, the alerts as curves, and what to do about them. */
export function links(
  { scenario, onsetMs, endMs, watched, evidence }: Course,
  places: Places,
  runbooks?: string,
): Link[] {
  const names = [...new Set(watched.map(({ expected }) => expected.name))]
  const { trace } = evidence
  const end = new Date(endMs + aroundMs).toISOString()
  const range = { 'g0.range_input': `${Math.ceil((endMs - onsetMs + 2 * aroundMs) / aroundMs)}m`, 'g0.end_input': end }
  const graph = { 'g0.expr': `ALERTS{alertname=~"${names.join('|')}"}`, 'g0.tab': '0', ...range }
  const ns = (ms: number) => `${ms}000000`
  const lines = { query: scenario.log ?? '', start: ns(onsetMs), end: ns(endMs), limit: '20', direction: 'forward' }
  return [
    ...(trace ? [{ text: `la trace ${trace.id}`, href: `${places.jaeger}/trace/${trace.id}` }] : []),
    ...(scenario.log
      ? [{ text: 'les lignes', href: `${places.loki}/loki/api/v1/query_range?${new URLSearchParams(lines)}` }]
      : []),
    { text: 'les alertes', href: `${places.prometheus}/graph?${new URLSearchParams(graph)}` },
    ...names.map((name) => ({ text: t`que faire : ${name}`, href: runbookOf(name, runbooks) })),
  ]
}

function runbookOf(name: string, base: string | undefined): string {
  const alert = alerts.find((one) => one.name === name)
  return alert ? runbookUrl(alert, base) : ''
}

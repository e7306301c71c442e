import { fetchJson, queryLines } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { type Dashboard, type PanelQuery, panelQueriesOf } from '../dashboards/queries'
import { type Check, type CheckResult, eventually } from './check'

/** Each query of each panel returns data: what an operator opens is not empty. */
export async function dashboardChecks(places: Endpoints): Promise<Check[]> {
  const files = [...new Bun.Glob('grafana-provisioning/dashboards/*.json').scanSync('.')].sort()
  const dashboards = await Promise.all(files.map(async (file) => (await Bun.file(file).json()) as Dashboard))
  return dashboards.map((dashboard) => ({
    name: `Every panel of « ${dashboard.title} » has data`,
    expected: 'an answer to each query; data for each that is not marked as empty in good times',
    advice: 'run the query by hand; panels are made in observability/dashboards',
    run: () => eventually(() => look(panelQueriesOf(dashboard), places), 60_000),
  }))
}

async function look(queries: PanelQuery[], places: Endpoints): Promise<CheckResult> {
  const problems: string[] = []
  for (const query of queries) {
    const found = await countResults(query, places).catch((error: Error) => error.message)
    if (typeof found === 'string') problems.push(`${query.panel}: ${found}`)
    else if (found === 0 && !query.mayBeEmpty) problems.push(`${query.panel}: nothing for ${query.query}`)
  }
  const ok = problems.length === 0 && queries.length > 0
  return { ok, seen: ok ? `${queries.length} queries answered` : problems.slice(0, 4).join(' · ') }
}

/** How many series, streams or traces a query finds, asked as Grafana would. */
export async function countResults(
  { kind, query, isInstant, datasource }: PanelQuery,
  places: Endpoints,
): Promise<number> {
  const endS = Math.floor(Date.now() / 1000)
  if (kind === 'jaeger') {
    const range = `start=${(endS - 900) * 1_000_000}&end=${(endS + 5) * 1_000_000}`
    return (await fetchJson<{ data: unknown[] }>(`${places.jaeger}/api/traces?${query}&${range}`)).data.length
  }
  if (kind === 'logql' && !/^\s*(sum|count|rate|topk|avg)\b/.test(query))
    return (await queryLines(places.loki, query, 10)).length
  const base = kind === 'logql' ? `${places.loki}/loki/api/v1` : `${places.prometheus}/api/v1`
  if (datasource === 'alertmanager') return 0
  const moment = { time: String(endS) }
  const range = { start: String(endS - 900), end: String(endS), step: '15' }
  const search = new URLSearchParams({ query, ...(isInstant ? moment : range) })
  type Answer = { data: { result: unknown[] } }
  return (await fetchJson<Answer>(`${base}/${isInstant ? 'query' : 'query_range'}?${search}`)).data.result.length
}

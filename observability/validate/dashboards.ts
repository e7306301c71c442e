import { fetchJson } from '../../stack/clients/http'
import { queryLines } from '../../stack/clients/loki'
import type { Endpoints } from '../../stack/endpoints'
import { type Dashboard, type PanelQuery, panelQueriesOf } from '../dashboards/queries'
import { type Check, type CheckResult, eventually } from './check'

/** Checks that each query of each panel returns data. */
export async function dashboardChecks(endpoints: Endpoints): Promise<Check[]> {
  const files = [...new Bun.Glob('grafana-provisioning/dashboards/*.json').scanSync('.')].sort()
  const dashboards = await Promise.all(files.map(async (file) => (await Bun.file(file).json()) as Dashboard))
  return dashboards.map((dashboard) => ({
    name: `Every panel of "${dashboard.title}" has data`,
    expected: 'a result for each query; data unless the panel’s description says why it may be empty',
    advice: 'run the query by hand; panels are defined in observability/dashboards',
    run: () => eventually(() => runQueries(panelQueriesOf(dashboard), endpoints), 60_000),
  }))
}

async function runQueries(queries: PanelQuery[], endpoints: Endpoints): Promise<CheckResult> {
  const problems: string[] = []
  for (const query of queries) {
    const found = await countResults(query, endpoints).catch((error: Error) => error.message)
    if (typeof found === 'string') problems.push(`${query.panel}: ${found}`)
    else if (found === 0 && !query.mayBeEmpty) problems.push(`${query.panel}: nothing for ${query.query}`)
  }
  const ok = problems.length === 0 && queries.length > 0
  return { ok, seen: ok ? `${queries.length} queries have results` : problems.slice(0, 4).join(' · ') }
}

/** Counts the series, streams or traces of a query, requested as Grafana does. */
export async function countResults(
  { kind, query, isInstant, datasource }: PanelQuery,
  endpoints: Endpoints,
): Promise<number> {
  const endS = Math.floor(Date.now() / 1000)
  if (kind === 'jaeger') {
    const range = `start=${(endS - 900) * 1_000_000}&end=${(endS + 5) * 1_000_000}`
    return (await fetchJson<{ data: unknown[] }>(`${endpoints.jaeger}/api/traces?${query}&${range}`)).data.length
  }
  if (kind === 'logql' && !/^\s*(sum|count|rate|topk|avg)\b/.test(query))
    return (await queryLines(endpoints.loki, query, 10)).length
  const base = kind === 'logql' ? `${endpoints.loki}/loki/api/v1` : `${endpoints.prometheus}/api/v1`
  if (datasource === 'alertmanager') return 0
  const instant = { time: String(endS) }
  const range = { start: String(endS - 900), end: String(endS), step: '15' }
  const search = new URLSearchParams({ query, ...(isInstant ? instant : range) })
  type Result = { data: { result: unknown[] } }
  return (await fetchJson<Result>(`${base}/${isInstant ? 'query' : 'query_range'}?${search}`)).data.result.length
}

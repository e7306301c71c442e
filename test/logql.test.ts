import { expect, test } from 'bun:test'
import { openTestConsole } from '../console/testing'
import { panelQueriesOf as panelQueries } from '../observability/dashboards/queries'
import { readRunbook, runbookQueriesOf } from '../observability/runbooks'
import { scenarios } from '../scenarios/catalog'

const files = (pattern: string, folder: string) => [...new Bun.Glob(pattern).scanSync(folder)].sort()

/** All LogQL queries of the repository, as an operator sends them. */
async function everyQuery(): Promise<string[]> {
  const pages = files('*.md', 'docs/runbooks').map((file) => readRunbook(file.replace('.md', '')))
  const ofRunbooks = pages.flatMap(runbookQueriesOf).filter(({ kind }) => kind === 'logql')
  const dashboards = await Promise.all(
    files('*.json', 'grafana-provisioning/dashboards').map((file) =>
      Bun.file(`grafana-provisioning/dashboards/${file}`).json(),
    ),
  )
  const ofPanels = dashboards.flatMap((dashboard) => panelQueries(dashboard)).filter(({ kind }) => kind === 'logql')
  const ofScenarios = scenarios.flatMap(({ log }) => (log ? [log] : []))
  return [...new Set([...ofRunbooks.map(({ text }) => text), ...ofPanels.map(({ query }) => query), ...ofScenarios])]
}

test('the console alone executes all LogQL of runbooks, dashboards and scenarios', async () => {
  const { sendLogs, get } = openTestConsole()
  await sendLogs('frontend', {
    body: 'POST /checkout/process 503',
    severity: 17,
    attributes: { 'http.route': '/checkout/process', 'http.response.status_code': 503, 'exception.message': 'gone' },
  })
  const queries = await everyQuery()
  expect(queries.length).toBeGreaterThan(20)
  const refused: string[] = []
  let found = 0
  for (const query of queries) {
    const path = query.startsWith('{') ? 'query_range' : 'query'
    const { status, html } = await get(`/loki/api/v1/${path}?${new URLSearchParams({ query })}`)
    if (status !== 200) refused.push(`${query}: ${html}`)
    else if (JSON.parse(html).data.result.length > 0) found++
  }
  expect(refused).toEqual([])
  expect(found).toBeGreaterThan(5)
})

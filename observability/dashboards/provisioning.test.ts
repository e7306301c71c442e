import { expect, test } from 'bun:test'
import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { dataSources } from './data-sources'

// biome-ignore lint/suspicious/noExplicitAny: a file of another program, of which the tests read a few fields
type AnyYaml = any

const read = async (path: string): Promise<AnyYaml> =>
  Bun.YAML.parse(await Bun.file(new URL(`../../grafana-provisioning/${path}`, import.meta.url)).text())
const { datasources } = await read('datasources/datasources.yaml')
const byUid: Record<string, AnyYaml> = Object.fromEntries(datasources.map((one: AnyYaml) => [one.uid, one]))

test('the data sources are those of the dashboards, and are read-only', () => {
  expect(datasources.map(({ uid, type }: AnyYaml) => ({ type, uid }))).toEqual(Object.values(dataSources))
  expect(datasources.every(({ editable }: AnyYaml) => editable === false)).toBeTrue()
})

test('metrics link to traces, traces to logs and metrics, logs to traces', () => {
  const { prometheus, loki, jaeger } = byUid
  expect(prometheus.jsonData.exemplarTraceIdDestinations[0]).toMatchObject({
    name: 'trace_id',
    datasourceUid: 'jaeger',
  })
  expect(loki.jsonData.derivedFields[0]).toMatchObject({
    matcherType: 'label',
    matcherRegex: 'trace_id',
    datasourceUid: 'jaeger',
  })
  expect(jaeger.jsonData.tracesToLogsV2).toMatchObject({ datasourceUid: 'loki', customQuery: true })
  expect(jaeger.jsonData.tracesToMetrics.datasourceUid).toBe('prometheus')
  expect(jaeger.jsonData.nodeGraph.enabled).toBeTrue()
})

test('queries in links parse after Grafana’s unescaping', () => {
  const { tracesToLogsV2, tracesToMetrics } = byUid.jaeger.jsonData
  const logs = unescaped(tracesToLogsV2.query).replace(/\$\{__trace\.traceId\}/, 'ab'.repeat(16))
  expect(logs).toBe(`{service_name=~".+"} | trace_id="${'ab'.repeat(16)}"`)
  expect(String(logqlParser.parse(logs))).not.toContain('⚠')
  for (const { query } of tracesToMetrics.queries) {
    const metrics = unescaped(query).replace('$__tags', 'service_name="frontend"').replace('$__rate_interval', '1m')
    expect(metrics).not.toContain('$')
    expect(String(promqlParser.parse(metrics))).not.toContain('⚠')
  }
})

test('dashboards come from files and are read-only', async () => {
  const { providers } = await read('dashboards/dashboards.yaml')
  expect(providers[0]).toMatchObject({ folder: 'Vitrine', allowUiUpdates: false })
  expect(providers[0].options.foldersFromFilesStructure).toBe(false)
})

/** Grafana replaces `$NAME` by environment variables and `$$` by `$`, so a single `$` is an error. */
function unescaped(text: string): string {
  expect(text.replaceAll('$$', '')).not.toContain('$')
  return text.replaceAll('$$', '$')
}

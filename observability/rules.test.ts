import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { parser as logql } from '@grafana/lezer-logql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { createConsole } from '../console/app'
import { readRunbooks } from '../console/runbooks/read-runbooks'
import { openStore } from '../console/store'
import { declarationsByService } from '../services/declarations'
import { alerts } from './alerts'
import { recordingGroups } from './prometheus/recording'
import { renderRuleFiles, shrinkDuration } from './prometheus/rule-files'
import { readRunbook, runbookQueriesOf, runbookUrl } from './runbooks'
import { badRatioMetric, recordedWindows, type Sli, thresholds } from './slo'

const root = `${import.meta.dir}/..`
const runbooks = `${root}/docs/runbooks`
const nodesOf = (parser: typeof promql, text: string) => {
  const nodes: { name: string; text: string; isError: boolean }[] = []
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      nodes.push({ name: type.name, text: text.slice(from, to), isError: type.isError })
    },
  })
  return nodes
}
const isQuery = (parser: typeof promql, text: string) =>
  text.trim() !== '' && nodesOf(parser, text).every((node) => !node.isError)

// Names of declared metrics in Prometheus, of recorded series, and of metrics of other servers.
const units: Record<string, string> = { s: '_seconds', By: '_bytes', EUR: '_EUR' }
const declared = Object.values(declarationsByService)
  .flat()
  .flatMap(({ metrics }) =>
    Object.values(metrics).flatMap(({ name, unit, kind }) => {
      const base = name.replaceAll('.', '_') + (units[unit] ?? '')
      if (kind === 'histogram') return ['bucket', 'sum', 'count'].map((end) => `${base}_${end}`)
      return kind === 'counter' ? `${base}_total` : base
    }),
  )
const recordedNames = recordingGroups.flatMap((group) => group.rules.map((rule) => rule.record ?? ''))
const otherServers = /^(up|process_start_time_seconds|otelcol_\w+)$/
const unknownNames = (query: string) =>
  nodesOf(promql, query)
    .filter(({ name, text }) => name === 'Identifier' && ![...declared, ...recordedNames].includes(text))
    .map(({ text }) => text)
    .filter((name) => !otherServers.test(name))

interface File {
  groups: {
    name: string
    rules: { alert?: string; record?: string; expr: string; for?: string; keep_firing_for?: string }[]
  }[]
}
const rulesOf = (options?: Parameters<typeof renderRuleFiles>[0]) =>
  Object.values(renderRuleFiles(options)).flatMap((text) =>
    (Bun.YAML.parse(text) as File).groups.flatMap((group) => group.rules),
  )

describe('the rule files', () => {
  test.each(Object.entries(renderRuleFiles()))('%s is up to date with its sources', (name, text) => {
    expect(readFileSync(`${import.meta.dir}/prometheus/rules/${name}`, 'utf8')).toBe(text)
  })

  test('contain the rules of the sources', () => {
    const byName = new Map(rulesOf().map((rule) => [rule.alert ?? rule.record, rule]))
    for (const { name, summary, description, expr, severity } of alerts) {
      expect(byName.get(name)).toMatchObject({ expr, labels: { severity }, annotations: { summary, description } })
    }
    for (const rule of recordingGroups.flatMap((group) => group.rules))
      expect(byName.get(rule.record)).toEqual(rule as never)
  })

  test('record each objective over each window', () => {
    const names = rulesOf().map((rule) => rule.record)
    for (const sli of ['availability', 'latency', 'errors'] as Sli[]) {
      for (const window of recordedWindows) expect(names).toContain(badRatioMetric(sli, window))
    }
  })

  test('use only recorded series that exist', () => {
    const all = rulesOf()
    const names = new Set(all.map((rule) => rule.record))
    const read = all.flatMap(({ expr }) => expr.match(/\b(?:sli|shop):[\w:]+/g) ?? [])
    expect(read.filter((name) => !names.has(name))).toEqual([])
    expect(read.length).toBeGreaterThan(20)
  })

  test('link to runbooks below RUNBOOK_BASE_URL', () => {
    const [alert] = alerts
    if (!alert) throw new Error('no alerts')
    expect(runbookUrl(alert, 'https://wiki.example/runbooks')).toBe(`https://wiki.example/runbooks/${alert.name}`)
    expect(renderRuleFiles({ runbookBaseUrl: 'https://wiki.example/' })['alerts.yml']).toContain(
      'runbook_url: https://wiki.example/High',
    )
  })
})

describe('shrink', () => {
  test.each([
    ['5m', '30s'],
    ['30m', '30s'],
    ['1h', '60s'],
    ['1d', '1440s'],
    ['4m', '4m'],
    ['15s', '15s'],
  ])('changes %s to %s', (duration, short) => expect(shrinkDuration(duration, 60)).toBe(short))

  test('changes windows and nothing else', () => {
    const blank = (text: string) => text.replace(/\[\w+\]|offset \w+/g, '[]')
    const pairs = rulesOf().map((rule, index) => [rule, rulesOf({ shrink: 60 })[index]] as const)
    for (const [long, short] of pairs) {
      expect(blank(short?.expr ?? '')).toBe(blank(long.expr))
      expect([short?.alert, short?.record]).toEqual([long.alert, long.record])
    }
    const durations = [...renderRuleFiles({ shrink: 60 })['slo.yml'].matchAll(/\[(\w+)\]/g)].map(([, one]) => one)
    expect(new Set(durations)).not.toContain('5m')
    expect(pairs.find(([{ alert }]) => alert === 'LowConversion')?.[1]?.for).toBe('30s')
    expect(pairs.find(([{ alert }]) => alert === 'CollectorDown')?.[1]?.for).toBe('15s')
  })

  test.each([0, -1, 0.5, 121, Number.NaN])('rejects %p', (shrink) => {
    expect(() => renderRuleFiles({ shrink })).toThrow('between 1 and 120')
  })
})

describe.each(alerts)('$name', ({ name, perService, expr, summary, description, severity }) => {
  test('has a severity and a short summary in English', () => {
    expect(['critical', 'warning', 'info']).toContain(severity)
    const text = `${summary} ${description}`.replaceAll(/\{\{.*?\}\}/g, 'x')
    expect(text).not.toMatch(/[«»à-ÿ]| [:;!?%]/)
    expect(summary.replaceAll(/\{\{.*?\}\}/g, 'x').length).toBeLessThan(80)
  })

  test('is a valid query, per service if declared so', () => {
    expect(isQuery(promql, expr)).toBe(true)
    expect(unknownNames(expr)).toEqual([])
    if (perService) expect(expr).toMatch(/service_name|sli:|shop:/)
  })

  test('has a runbook with valid queries', () => {
    const page = readRunbook(name)
    expect(page).toStartWith(`# ${name}\n`)
    expect(page.match(/^## .+/gm)).toEqual(['## For shoppers', '## See it', '## Causes', '## Do', '## Over when'])
    const queries = runbookQueriesOf(page)
    expect(queries.some(({ kind }) => kind === 'promql')).toBe(true)
    // Every block except shell commands is a query.
    const blocks = page.match(/^ *```\w+/gm)?.filter((fence) => !fence.endsWith('sh'))
    expect(blocks).toHaveLength(queries.length)
    expect(queries.filter(({ kind, text }) => !isQuery(kind === 'promql' ? promql : logql, text))).toEqual([])
    expect(queries.flatMap(({ kind, text }) => (kind === 'promql' ? unknownNames(text) : []))).toEqual([])
  })
})

test.each(alerts)('the runbook of $name numbers its causes, each with its symptoms', ({ name }) => {
  const [, causes = ''] = /## Causes\n(.*?)\n\n## Do/s.exec(readRunbook(name)) ?? []
  const numbered = causes.split('\n').filter((line) => !/^(The first row|By the first row).*:$/.test(line))
  expect(numbered.length).toBeGreaterThan(1)
  for (const [index, line] of numbered.entries())
    expect(line).toMatch(new RegExp(`^${index + 1}\\. \\*\\*[^*]+\\*\\*.{10,}`))
})

test.each(alerts)('the runbook link of $name opens a page of the console', async (alert) => {
  const app = createConsole({ store: openStore({}), runbooks: await readRunbooks(runbooks) })
  const response = await app.request(runbookUrl(alert), { headers: { Host: '127.0.0.1:4320' } })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain(`>${alert.name}</h1>`)
})

test('every runbook belongs to an alert and is listed', () => {
  const pages = readdirSync(runbooks).filter((file) => file !== 'README.md')
  expect(pages.toSorted()).toEqual(alerts.map(({ name }) => `${name}.md`).toSorted())
  const index = readFileSync(`${runbooks}/README.md`, 'utf8')
  for (const { name, severity } of alerts)
    expect(index).toMatch(new RegExp(`\\[${name}\\]\\(${name}\\.md\\) \\| ${severity} `))
})

test('console.json contains the rules of the sources', async () => {
  const before = readFileSync(`${import.meta.dir}/console.json`, 'utf8')
  expect(Bun.spawnSync([process.execPath, `${import.meta.dir}/write-console.ts`], { cwd: root }).exitCode).toBe(0)
  expect(readFileSync(`${import.meta.dir}/console.json`, 'utf8')).toBe(before)
})

test('the thresholds of load tests are the objectives', () => {
  expect(thresholds).toEqual({ http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<300'] })
})

test('the parsers reject invalid queries', () => {
  expect(isQuery(promql, 'sum(rate(a[5m])')).toBe(false)
  expect(isQuery(logql, '{a="b"} |= ')).toBe(false)
  expect(unknownNames('rate(http_server_requests_total[5m]) > 0 and sli:requests:rate1m')).toEqual([
    'http_server_requests_total',
  ])
})

import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { parser as logql } from '@grafana/lezer-logql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { declarationsByService } from '../services/declarations'
import { alerts, runbookUrl } from './alerts'
import { recordingGroups } from './prometheus/recording'
import { renderRuleFiles } from './prometheus/rule-files'
import { shrinkDuration } from './prometheus/shrink'
import { readRunbook, runbookQueriesOf } from './runbooks'
import { badRatioMetric, recordedWindows, type Sli, thresholds } from './slo'

const house = `${import.meta.dir}/..`
const runbooks = `${house}/docs/runbooks`
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

// What services declare, as Prometheus calls it; what is recorded; and what servers of other makes say of themselves.
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
const ofOthers = /^(up|process_start_time_seconds|otelcol_\w+)$/
const unknownNames = (query: string) =>
  nodesOf(promql, query)
    .filter(({ name, text }) => name === 'Identifier' && ![...declared, ...recordedNames].includes(text))
    .map(({ text }) => text)
    .filter((name) => !ofOthers.test(name))

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

describe('the files of Prometheus', () => {
  test.each(Object.entries(renderRuleFiles()))('%s is as fresh as its sources', (name, text) => {
    expect(readFileSync(`${import.meta.dir}/prometheus/rules/${name}`, 'utf8')).toBe(text)
  })

  test('say in YAML what the sources say', () => {
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

  test('read no recorded series that nobody records', () => {
    const all = rulesOf()
    const names = new Set(all.map((rule) => rule.record))
    const read = all.flatMap(({ expr }) => expr.match(/\b(?:sli|shop):[\w:]+/g) ?? [])
    expect(read.filter((name) => !names.has(name))).toEqual([])
    expect(read.length).toBeGreaterThan(20)
  })

  test('link to runbooks elsewhere when told to', () => {
    const [alert] = alerts
    if (!alert) throw new Error('no alerts')
    expect(runbookUrl(alert, 'https://wiki.example/runbooks')).toBe(`https://wiki.example/runbooks/${alert.name}.md`)
    expect(renderRuleFiles({ runbookBaseUrl: 'https://wiki.example/' })['alerts.yml']).toContain(
      'runbook_url: https://wiki.example/High',
    )
  })
})

describe('for a demonstration', () => {
  test.each([
    ['5m', '30s'],
    ['30m', '30s'],
    ['1h', '60s'],
    ['1d', '1440s'],
    ['4m', '4m'],
    ['15s', '15s'],
  ])('%s becomes %s', (duration, short) => expect(shrinkDuration(duration, 60)).toBe(short))

  test('windows shrink, and nothing else does', () => {
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

  test.each([0, -1, 0.5, 121, Number.NaN])('%p is no factor', (shrink) => {
    expect(() => renderRuleFiles({ shrink })).toThrow('between 1 and 120')
  })
})

describe.each(alerts)('$name', ({ name, perService, expr, summary, description, severity }) => {
  test('reads in French, with its typography, and says how much or how long', () => {
    expect(['critical', 'warning', 'info']).toContain(severity)
    const text = `${summary} ${description}`.replaceAll(/\{\{.*?\}\}/g, 'x')
    expect(text).not.toMatch(/ [:;!?%»]|« |'/)
    expect(summary.replaceAll(/\{\{.*?\}\}/g, 'x').length).toBeLessThan(80)
  })

  test('is a query, by program where it says so', () => {
    expect(isQuery(promql, expr)).toBe(true)
    expect(unknownNames(expr)).toEqual([])
    if (perService) expect(expr).toMatch(/service_name|sli:|shop:/)
  })

  test('has a runbook whose queries parse', () => {
    const page = readRunbook(name)
    expect(page).toStartWith(`# ${name}\n`)
    expect(page.match(/^## .+/gm)).toEqual(['## For shoppers', '## See it', '## Causes', '## Do', '## Over when'])
    const queries = runbookQueriesOf(page)
    expect(queries.some(({ kind }) => kind === 'promql')).toBe(true)
    // A block that is no query would be run by nobody.
    const blocks = page.match(/^ *```\w+/gm)?.filter((fence) => !fence.endsWith('sh'))
    expect(blocks).toHaveLength(queries.length)
    expect(queries.filter(({ kind, text }) => !isQuery(kind === 'promql' ? promql : logql, text))).toEqual([])
    expect(queries.flatMap(({ kind, text }) => (kind === 'promql' ? unknownNames(text) : []))).toEqual([])
  })
})

test.each(alerts)('$name: causes are in their order, each with how to tell it', ({ name }) => {
  const [, causes = ''] = /## Causes\n(.*?)\n\n## Do/s.exec(readRunbook(name)) ?? []
  const numbered = causes.split('\n').filter((line) => !/^(The first row|By the first row).*:$/.test(line))
  expect(numbered.length).toBeGreaterThan(1)
  for (const [index, line] of numbered.entries())
    expect(line).toMatch(new RegExp(`^${index + 1}\\. \\*\\*[^*]+\\*\\*.{10,}`))
})

test('every runbook is an alert’s and is listed', () => {
  const pages = readdirSync(runbooks).filter((file) => file !== 'README.md')
  expect(pages.toSorted()).toEqual(alerts.map(({ name }) => `${name}.md`).toSorted())
  const index = readFileSync(`${runbooks}/README.md`, 'utf8')
  for (const { name, severity } of alerts)
    expect(index).toMatch(new RegExp(`\\[${name}\\]\\(${name}\\.md\\) \\| ${severity} `))
})

test('console.json has the rules that the sources make', async () => {
  const before = readFileSync(`${import.meta.dir}/console.json`, 'utf8')
  expect(Bun.spawnSync([process.execPath, `${import.meta.dir}/write-console.ts`], { cwd: house }).exitCode).toBe(0)
  expect(readFileSync(`${import.meta.dir}/console.json`, 'utf8')).toBe(before)
})

test('a load test asks for the objectives', () => {
  expect(thresholds).toEqual({ http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<300'] })
})

test('the parsers refuse what is no query', () => {
  expect(isQuery(promql, 'sum(rate(a[5m])')).toBe(false)
  expect(isQuery(logql, '{a="b"} |= ')).toBe(false)
  expect(unknownNames('rate(http_server_requests_total[5m]) > 0 and sli:requests:rate1m')).toEqual([
    'http_server_requests_total',
  ])
})

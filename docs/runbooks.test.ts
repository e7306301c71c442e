import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { paths } from '../console/ui/paths'
import { viewsSchema } from '../console/views'
import { readRunbook, runbookQueriesOf } from '../observability/runbooks'
import { declarationsByService } from '../services/declarations'
import { routes } from '../services/frontend/routes'
import { isDatabaseUnavailable } from '../src/database/unavailable'
import { defaultMaxConcurrentRequests } from '../src/load-shedding'

const pages = readdirSync(`${import.meta.dir}/runbooks`).filter((file) => file.endsWith('.md'))

test('the four pages about errors ask where they begin in the same words, over a time of their own', () => {
  const windows = {
    HighErrorRate: '1m',
    CheckoutFailures: '1m',
    SLOErrorBudgetFastBurn: '5m',
    SLOErrorBudgetSlowBurn: '2h',
  }
  const asked = Object.entries(windows).map(([alert, window]) => {
    const text = runbookQueriesOf(readRunbook(alert))[0]?.text ?? ''
    expect(text).toContain(`[${window}]`)
    return text.replaceAll(`[${window}]`, '[window]')
  })
  expect(new Set(asked).size).toBe(1)
  expect(asked[0]).toContain('"too much at once"')
})

test('HighErrorRate has the limits of load shedding', () => {
  const page = readRunbook('HighErrorRate')
  expect(page).toContain(`${defaultMaxConcurrentRequests} requests of all callers`)
  expect(page).toContain(`1.5 times as many, ${defaultMaxConcurrentRequests * 1.5}.`)
})

test('HighErrorRate names an unavailable database as `its database`', () => {
  const query = runbookQueriesOf(readRunbook('HighErrorRate'))[0]?.text ?? ''
  const [, pattern = ''] = /"its database", "error_type", "(.+)"/.exec(query) ?? []
  for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'POOL_TIMEOUT', 'ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY']) {
    expect(isDatabaseUnavailable({ code, fatal: code.startsWith('E') })).toBe(true)
    expect(code).toMatch(new RegExp(`^(${pattern})$`))
  }
})

const pathsIn = (page: string) =>
  [...page.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`(\/[^`]+)`/g)].map(([, path = '']) => path)
const served: string[] = ['/ready', '/health', ...Object.values(routes), ...Object.values(paths)]

test.each(pages)('the pages of the shop and of the console that %s names are there', (file) => {
  const named = pathsIn(readFileSync(`${import.meta.dir}/runbooks/${file}`, 'utf8'))
  expect(named.filter((path) => !served.includes(path.split('?')[0] ?? ''))).toEqual([])
})

test('the metrics that a runbook shows in the console are declared', () => {
  const declared = Object.values(declarationsByService).flatMap((all) =>
    all.flatMap(({ metrics }) => Object.values(metrics).map(({ name }) => name)),
  )
  const named = pages.flatMap((file) => pathsIn(readFileSync(`${import.meta.dir}/runbooks/${file}`, 'utf8')))
  const metrics = named.flatMap((path) => /^\/metrics\?name=(.+)$/.exec(path)?.[1] ?? [])
  expect(metrics).toContain('http.server.requests.shed')
  expect(metrics.filter((name) => !declared.includes(name))).toEqual([])
})

test('the runbook of each alert that the console raises by itself leads to pages of the console', async () => {
  const { rules } = viewsSchema.parse(await Bun.file(`${import.meta.dir}/../observability/console.json`).json())
  expect(rules.length).toBeGreaterThan(0)
  for (const { name } of rules) {
    const [, sentence = ''] = /(Without Prometheus, .*)/.exec(readRunbook(name)) ?? []
    expect({ name, pages: pathsIn(sentence) }).not.toEqual({ name, pages: [] })
  }
})

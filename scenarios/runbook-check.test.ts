import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import type { ScenarioContext } from './context'
import {
  checkRunbooks,
  isRunbookComplete,
  type RunbookCheck,
  runbookChecksOf,
  runbookDeadlineS,
  runbookProblems,
} from './runbook-check'

/** Prometheus, with the results or error texts that a test sets for each query. */
const results = new Map<string, object[] | string>()
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const result = results.get(new URLSearchParams(await request.text()).get('query') ?? '') ?? []
    if (typeof result === 'string') return new Response(result, { status: 400 })
    return Response.json({ data: { resultType: 'vector', result } })
  },
})
afterAll(() => server.stop(true))
beforeEach(() => results.clear())

const endpoints = { prometheus: server.url.origin, loki: 'http://127.0.0.1:1' }
const row = (service_name: string) => ({ metric: { service_name }, value: [0, '12.3456'] })
const expected = { name: 'ServiceDown', firingWithinS: 60 }
const cause = { service_name: 'order-service' }
const newCheck = (): RunbookCheck => ({
  ...{ expected, cause },
  queries: ['first', 'second'].map((text) => ({ query: { kind: 'promql', text } })),
})
const firing = (sinceS = 0) => [{ expected, firingMs: Date.now() - sinceS * 1000 }]

describe('a runbook', () => {
  test('is not queried before its alert fires', async () => {
    results.set('first', [row('order-service')])
    const check = newCheck()
    await checkRunbooks([check], [{ expected }], endpoints)
    expect(check).toEqual(newCheck())
  })

  test('is complete when each query has returned rows and the first row of the first one names the cause', async () => {
    results.set('first', [row('order-service'), row('frontend')]).set('second', [row('frontend')])
    const check = newCheck()
    await checkRunbooks([check], firing(), endpoints)
    expect(check.firstRow).toEqual({ labels: cause, text: '12.35' })
    expect(isRunbookComplete(check)).toBe(true)
    expect(runbookProblems(check)).toEqual([])
  })

  test('is queried again while the first row names another cause, or a query fails', async () => {
    results.set('first', [row('frontend'), row('order-service')]).set('second', 'parse error')
    const check = newCheck()
    await checkRunbooks([check], firing(), endpoints)
    expect(runbookProblems(check)).toEqual([
      expect.stringContaining('parse error'),
      expect.stringContaining('did not name {service_name="order-service"}'),
    ])
    results.set('first', [row('order-service')]).set('second', [row('frontend')])
    await checkRunbooks([check], firing(), endpoints)
    expect(runbookProblems(check)).toEqual([])
  })

  test(`has ${runbookDeadlineS} s from firing; after a revert all but the first query have as long again`, async () => {
    results.set('first', [row('order-service')]).set('second', [row('frontend')])
    const check = newCheck()
    await checkRunbooks([check], firing(runbookDeadlineS + 1), endpoints)
    expect(check).toEqual(newCheck())
    await checkRunbooks([check], firing(runbookDeadlineS + 1), endpoints, Date.now())
    expect(check.queries.map(({ firstResultMs }) => firstResultMs !== undefined)).toEqual([false, true])
  })
})

test('alerts of the same name share one runbook, and a cause may come from the context', () => {
  const context = { spareProduct: { slug: 'webcam-hd' } } as ScenarioContext
  const named = { ...expected, cause: ({ spareProduct }: ScenarioContext) => ({ product_slug: spareProduct.slug }) }
  const alerts = [named, { ...expected, labels: cause }, { ...expected, name: 'NoRunbook' }]
  const checks = runbookChecksOf(alerts, context)
  expect(checks.map((check) => [check.expected.name, check.cause, check.queries.length > 0])).toEqual([
    ['ServiceDown', { product_slug: 'webcam-hd' }, true],
    ['NoRunbook', undefined, false],
  ])
})

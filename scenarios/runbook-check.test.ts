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

/** Prometheus, with the answers that a test gives it. */
const answers = new Map<string, object[] | string>()
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const answer = answers.get(new URLSearchParams(await request.text()).get('query') ?? '') ?? []
    if (typeof answer === 'string') return new Response(answer, { status: 400 })
    return Response.json({ data: { resultType: 'vector', result: answer } })
  },
})
afterAll(() => server.stop(true))
beforeEach(() => answers.clear())

const places = { prometheus: server.url.origin, loki: 'http://127.0.0.1:1' }
const row = (service_name: string) => ({ metric: { service_name }, value: [0, '12.3456'] })
const expected = { name: 'ServiceDown', firingWithinS: 60 }
const cause = { service_name: 'order-service' }
const fresh = (): RunbookCheck => ({
  ...{ expected, cause },
  queries: ['first', 'second'].map((text) => ({ query: { kind: 'promql', text } })),
})
const firing = (sinceS = 0) => [{ expected, firingMs: Date.now() - sinceS * 1000 }]

describe('a runbook that somebody opens', () => {
  test('is not asked before its alert fires', async () => {
    answers.set('first', [row('order-service')])
    const reading = fresh()
    await checkRunbooks([reading], [{ expected }], places)
    expect(reading).toEqual(fresh())
  })

  test('is read when each query has answered and the first row of the first names the cause', async () => {
    answers.set('first', [row('order-service'), row('frontend')]).set('second', [row('frontend')])
    const reading = fresh()
    await checkRunbooks([reading], firing(), places)
    expect(reading.firstRow).toEqual({ labels: cause, text: '12.35' })
    expect(isRunbookComplete(reading)).toBe(true)
    expect(runbookProblems(reading)).toEqual([])
  })

  test('is asked again while the first row names another, or a query is silent or refused', async () => {
    answers.set('first', [row('frontend'), row('order-service')]).set('second', 'parse error')
    const reading = fresh()
    await checkRunbooks([reading], firing(), places)
    expect(runbookProblems(reading)).toEqual([
      expect.stringContaining('parse error'),
      expect.stringContaining('ne nomme pas {service_name="order-service"}'),
    ])
    answers.set('first', [row('order-service')]).set('second', [row('frontend')])
    await checkRunbooks([reading], firing(), places)
    expect(runbookProblems(reading)).toEqual([])
  })

  test(`has ${runbookDeadlineS} s, from firing; where a store was away, all but the first query from its return`, async () => {
    answers.set('first', [row('order-service')]).set('second', [row('frontend')])
    const reading = fresh()
    await checkRunbooks([reading], firing(runbookDeadlineS + 1), places)
    expect(reading).toEqual(fresh())
    await checkRunbooks([reading], firing(runbookDeadlineS + 1), places, Date.now())
    expect(reading.queries.map(({ firstResultMs }) => firstResultMs !== undefined)).toEqual([false, true])
  })
})

test('two alerts of a name have one runbook; what is known only when it is played is asked of the world', () => {
  const world = { spareProduct: { slug: 'webcam-hd' } } as ScenarioContext
  const named = { ...expected, cause: ({ spareProduct }: ScenarioContext) => ({ product_slug: spareProduct.slug }) }
  const readings = runbookChecksOf([named, { ...expected, labels: cause }, { ...expected, name: 'NoRunbook' }], world)
  expect(readings.map((one) => [one.expected.name, one.cause, one.queries.length > 0])).toEqual([
    ['ServiceDown', { product_slug: 'webcam-hd' }, true],
    ['NoRunbook', undefined, false],
  ])
})

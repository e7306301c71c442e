import { describe, expect, test } from 'bun:test'
import { at, audit, check, exampleRun, expected, scenario } from './example-run'
import { type ScenarioRun, verdictOf } from './verdict'

const [alert] = exampleRun.watched
const [firstQuery, secondQuery] = check.queries
const silentQuery = { query: secondQuery?.query }

describe('a verdict', () => {
  test('passes when all evidence was found in time, and has the times of the first alert', () => {
    expect(verdictOf(exampleRun)).toMatchObject({
      ...{ scenario: 'broken', ok: true, firing_s: 44.5, resolved_s: 8, missing: [] },
    })
  })

  test('requires only a correct audit of a run that the user guessed early', () => {
    const early = { ...exampleRun, watched: [{ expected }], evidence: {}, runbookChecks: [], guess: 'product-service' }
    expect(verdictOf(early)).toMatchObject({ ok: true, firing_s: null })
    expect(verdictOf({ ...early, endMs: at(120) }).ok).toBe(false)
    expect(verdictOf({ ...early, audit: { ...audit, ok: false, lost: 1 } }).ok).toBe(false)
  })

  test.each([
    ['no alert', { watched: [{ expected }] }, 'did not fire within 60 s'],
    ['a late alert', { watched: [{ ...alert, expected, firingMs: at(61) }] }, 'fired after 61 s, not within 60 s'],
    [
      'no notification',
      { watched: [{ expected, firingMs: at(9), resolvedMs: at(58) }] },
      'no notification of ServiceDown',
    ],
    ['no resolution', { watched: [{ expected, firingMs: at(9), notifiedMs: at(9) }] }, 'not resolved within 120 s'],
    ['no trace', { evidence: { line: exampleRun.evidence.line } }, 'no trace of frontend'],
    ['no log record', { evidence: { trace: exampleRun.evidence.trace } }, 'no log record of {service_name="frontend"}'],
    ['affected shoppers', { scenario: { ...scenario, shoppersUnaffected: true } }, '40 of 100 shopper requests failed'],
    [
      'a runbook that names another cause',
      {
        runbookChecks: [
          { ...check, causeNamedMs: undefined, firstRow: { labels: { service_name: 'frontend' }, text: '40' } },
        ],
      },
      'did not name {service_name="product-service"} within 60 s; it returned {service_name="frontend"} 40',
    ],
    [
      'a runbook query without rows',
      { runbookChecks: [{ ...check, queries: [firstQuery, silentQuery] }] },
      'returned no rows within 60 s: rate(errors[1m])',
    ],
    [
      'a runbook query that the server rejects',
      { runbookChecks: [{ ...check, queries: [firstQuery, { ...silentQuery, error: 'parse error' }] }] },
      'fails: rate(errors[1m]) (parse error)',
    ],
    [
      'lost orders',
      { audit: { ...audit, ok: false, lost: 2 } },
      '2 orders that were confirmed to shoppers are missing',
    ],
    ['no audit', { audit: undefined }, 'the audit could not be done'],
    ['an error', { errors: ['mysql-order does not run'] }, 'mysql-order does not run'],
  ])('fails with one reason for %s', (_problem, change, reason) => {
    const { ok, missing } = verdictOf({ ...exampleRun, ...change } as ScenarioRun)
    expect(ok).toBe(false)
    expect(missing).toEqual([expect.stringContaining(reason)])
  })
})

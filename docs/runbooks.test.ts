import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { readRunbook, runbookQueriesOf } from '../observability/runbooks'
import { routes } from '../services/frontend/routes'
import { isDatabaseUnavailable } from '../src/database/unavailable'

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

test('HighErrorRate names an unavailable database as `its database`', () => {
  const query = runbookQueriesOf(readRunbook('HighErrorRate'))[0]?.text ?? ''
  const [, pattern = ''] = /"its database", "error_type", "(.+)"/.exec(query) ?? []
  for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'POOL_TIMEOUT', 'ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY']) {
    expect(isDatabaseUnavailable({ code, fatal: code.startsWith('E') })).toBe(true)
    expect(code).toMatch(new RegExp(`^(${pattern})$`))
  }
})

test.each(pages)('the pages of the shop that %s names are there', (file) => {
  const text = readFileSync(`${import.meta.dir}/runbooks/${file}`, 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  const named = [...text.matchAll(/`(\/[a-z][\w/-]*)`/g)].map(([, path = '']) => path)
  expect(named.filter((path) => path !== '/ready' && !Object.values<string>(routes).includes(path))).toEqual([])
})

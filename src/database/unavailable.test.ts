import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { serviceKey } from '../../test/shop'
import { createService } from '../service'

expect.extend(matchers)

const said = (code: string | undefined, more: object = {}) => Object.assign(new Error('secret-host'), { code, ...more })
const inDrizzle = (cause: Error) => new Error('Failed query: select 1\nparams: secret-value', { cause })

/** What a route answers whose query ends with `error`. */
async function answerTo(error: Error) {
  const seen = recordTelemetry()
  const service = createService({ telemetry: seen.telemetry('x-service'), serviceKey }).get('/thing', () => {
    throw error
  })
  const answer = await service.request('/thing')
  const text = await answer.text()
  return {
    seen,
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    text,
    code: JSON.parse(text).code,
  }
}

test.each([
  ['refused', said('ECONNREFUSED', { fatal: true, errno: -111 })],
  ['lost in the middle of a statement', inDrizzle(said('PROTOCOL_CONNECTION_LOST', { fatal: true }))],
  ['lost in the middle of a transaction', inDrizzle(said(undefined, { fatal: true }))],
  ['full', said('ER_CON_COUNT_ERROR', { errno: 1040, sqlState: '08004' })],
  ['stopping', inDrizzle(said('ER_SERVER_SHUTDOWN', { errno: 1053, sqlState: '08S01' }))],
  ['in use by others, on all connections', said('POOL_TIMEOUT')],
  ['waiting for a row of others', inDrizzle(said('ER_LOCK_WAIT_TIMEOUT', { errno: 1205, sqlState: 'HY000' }))],
  ['locked by another process', inDrizzle(said('SQLITE_BUSY'))],
  ['not there', inDrizzle(said('SQLITE_CANTOPEN'))],
])('a database that is %s is told as such, without its words', async (_, error) => {
  const { seen, status, retryAfter, text, code } = await answerTo(error)

  expect({ status, retryAfter, code }).toEqual({ status: 503, retryAfter: '5', code: 'DATABASE_UNAVAILABLE' })
  expect(text).not.toContain('secret')
  const span = seen.span('GET /thing')
  expect(span).toHaveFailed()
  expect(span).toHaveAttributes({ 'problem.code': 'DATABASE_UNAVAILABLE' })
  expect(seen.logs('http.server.request.exception')).toHaveLength(1)
  expect(JSON.stringify([seen.spans(), seen.logs()])).not.toContain('secret-value')
})

test.each([
  ['a statement that it does not understand', inDrizzle(said('ER_PARSE_ERROR', { errno: 1064 }))],
  ['a row that is missing', inDrizzle(said('SQLITE_CONSTRAINT_NOTNULL'))],
  ['a mistake of ours', new TypeError('x is undefined')],
])('%s is a broken promise as before', async (_, error) => {
  expect(await answerTo(error)).toMatchObject({ status: 500, retryAfter: null, code: 'INTERNAL' })
})

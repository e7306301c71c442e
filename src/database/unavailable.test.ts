import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { serviceKey } from '../../test/shop'
import { createService } from '../service'

expect.extend(matchers)

const driverError = (code: string | undefined, more: object = {}) =>
  Object.assign(new Error('secret-host'), { code, ...more })
const inDrizzle = (cause: Error) => new Error('Failed query: select 1\nparams: secret-value', { cause })

/** The response of a route whose query fails with `error`. */
async function responseTo(error: Error) {
  const seen = recordTelemetry()
  const service = createService({ telemetry: seen.telemetry('x-service'), serviceKey }).get('/thing', () => {
    throw error
  })
  const response = await service.request('/thing')
  const text = await response.text()
  return {
    seen,
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text,
    code: JSON.parse(text).code,
  }
}

test.each([
  ['refusing connections', driverError('ECONNREFUSED', { fatal: true, errno: -111 })],
  ['disconnected during a statement', inDrizzle(driverError('PROTOCOL_CONNECTION_LOST', { fatal: true }))],
  ['disconnected during a transaction', inDrizzle(driverError(undefined, { fatal: true }))],
  ['out of connections', driverError('ER_CON_COUNT_ERROR', { errno: 1040, sqlState: '08004' })],
  ['shutting down', inDrizzle(driverError('ER_SERVER_SHUTDOWN', { errno: 1053, sqlState: '08S01' }))],
  ['used on all connections of the pool', driverError('POOL_TIMEOUT')],
  ['timing out on a row lock', inDrizzle(driverError('ER_LOCK_WAIT_TIMEOUT', { errno: 1205, sqlState: 'HY000' }))],
  ['locked by another process', inDrizzle(driverError('SQLITE_BUSY'))],
  ['missing', inDrizzle(driverError('SQLITE_CANTOPEN'))],
])('a database that is %s is DATABASE_UNAVAILABLE, without the message of the error', async (_, error) => {
  const { seen, status, retryAfter, text, code } = await responseTo(error)

  expect({ status, retryAfter, code }).toEqual({ status: 503, retryAfter: '5', code: 'DATABASE_UNAVAILABLE' })
  expect(text).not.toContain('secret')
  const span = seen.span('GET /thing')
  expect(span).toHaveFailed()
  expect(span).toHaveAttributes({ 'problem.code': 'DATABASE_UNAVAILABLE' })
  expect(seen.logs('http.server.request.exception')).toHaveLength(1)
  expect(JSON.stringify([seen.spans(), seen.logs()])).not.toContain('secret-value')
})

test.each([
  ['a syntax error', inDrizzle(driverError('ER_PARSE_ERROR', { errno: 1064 }))],
  ['a NOT NULL violation', inDrizzle(driverError('SQLITE_CONSTRAINT_NOTNULL'))],
  ['a programming error', new TypeError('x is undefined')],
])('%s is a 500', async (_, error) => {
  expect(await responseTo(error)).toMatchObject({ status: 500, retryAfter: null, code: 'INTERNAL' })
})

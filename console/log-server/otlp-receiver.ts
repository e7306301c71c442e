import { Hono } from 'hono'
import { createBodyReader, defaultLimits, type UncompressedBody } from '../receive/body'
import { HttpError } from '../receive/errors'
import { errorResponse, exportResponse } from '../receive/responses'
import type { LogStore, Rejected } from './store'

/** Receives logs by OTLP/HTTP at Loki's path: `POST /otlp/v1/logs`. */
export function otlpLogReceiver(store: LogStore) {
  const bodies = createBodyReader(defaultLimits)
  return new Hono().post('/otlp/v1/logs', async (c) => {
    try {
      return await bodies.read(c.req.raw, (_received, body) => {
        const { count, reason } = add(body)
        return exportResponse(c, 'rejectedLogRecords', count, `${count} lines are rejected: ${reason}`)
      })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      return errorResponse(c, error)
    }
  })

  // On 503 the sender retries, so a line that is not stored is not lost.
  function add(body: UncompressedBody): Rejected {
    try {
      return store.add(body)
    } catch (error) {
      if (error instanceof HttpError) throw error
      throw new HttpError(503, `the lines could not be stored: ${(error as Error).message}`)
    }
  }
}

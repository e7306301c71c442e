import { test } from 'bun:test'
import { sendOddRequests } from './send-odd-requests'

test(
  '15 000 odd requests: no failure, and each response is as its OpenAPI document says',
  () => sendOddRequests(15_000),
  3_600_000,
)

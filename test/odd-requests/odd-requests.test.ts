import { test } from 'bun:test'
import { sendOddRequests } from './send-odd-requests'

test(
  '400 odd requests: no failure, and each response is as its OpenAPI document says',
  () => sendOddRequests(400),
  3_600_000,
)

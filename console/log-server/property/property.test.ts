import { test } from 'bun:test'
import { compareWithNaive } from './compare-with-naive'

test(
  'the log server agrees with the naive evaluator for 1 000 pairs of random logs and a random query',
  () => compareWithNaive(1_000),
  3_600_000,
)

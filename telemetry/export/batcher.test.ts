import { expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { useFakeClock } from '../../test/clock'
import { createBatcher, type Encoder } from './batcher'
import type { Batch } from './export-queue'

const unwritable = '!'

/** Encodes strings, separated by commas. */
function texts(): Encoder<string> {
  let all: string[] = []
  return {
    add: (text) => void (text === unwritable || all.push(text)),
    bytes: () => all.join().length,
    take() {
      const batch = { body: new TextEncoder().encode(all.join()), count: all.length }
      all = []
      return batch
    },
  }
}

function open(maxBatchSize: number, delayMs = 60_000) {
  const batches: Batch[] = []
  const lost: [number, string][] = []
  const queue = {
    enqueue: (batch: Batch) => void batches.push(batch),
    countDropped: (count: number, reason: string) => void lost.push([count, reason]),
  }
  const batcher = createBatcher(texts(), { delayMs, maxBatchSize }, 'gzip', queue)
  return { batcher, batches, lost, bodies: () => batches.map(({ body }) => new TextDecoder().decode(gunzipSync(body))) }
}

test('a full batch is sent at once', () => {
  const { batcher, batches, bodies } = open(2)

  for (const text of ['a', 'b', 'c']) batcher.add(text)

  expect([bodies(), batches.map(({ count }) => count), batcher.size()]).toEqual([['a,b'], [2], 1])
})

test('an incomplete batch is sent after the delay', async () => {
  const clock = useFakeClock()
  const { batcher, bodies } = open(10, 20)

  batcher.add('a')
  batcher.add('b')
  await clock.advance(19)
  expect(bodies()).toEqual([])
  await clock.advance(1)

  expect(bodies()).toEqual(['a,b'])
})

test('large records are sent before the batch is full, because receivers limit the size of a request', () => {
  const { batcher, batches } = open(1000)

  for (let n = 0; n < 20; n++) batcher.add('x'.repeat(300 * 1024))
  batcher.close()

  expect(batches.map(({ count }) => count)).toEqual([4, 4, 4, 4, 4])
})

test('close() sends the pending records, and nothing if there are none', () => {
  const { batcher, bodies } = open(10)

  batcher.close()
  batcher.add('a')
  batcher.close()
  batcher.close()

  expect(bodies()).toEqual(['a'])
})

test('records that can’t be encoded are counted as dropped, and the others are sent', () => {
  const { batcher, batches, bodies, lost } = open(10)

  for (const text of ['a', unwritable, 'b', unwritable]) batcher.add(text)
  batcher.close()
  batcher.add(unwritable)
  batcher.close()

  expect([bodies(), batches.map(({ count }) => count), batcher.size()]).toEqual([['a,b'], [2], 0])
  expect(lost).toEqual([
    [2, 'unserializable'],
    [1, 'unserializable'],
  ])
})

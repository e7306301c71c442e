import { expect, test } from 'bun:test'
import { useFakeClock } from '../../test/clock'
import { type Batch, createExportQueue, type SendResult } from './export-queue'

const limits = { maxItems: 100, maxBytes: 1_000_000, concurrency: 4 }
const batch = (count = 10, size = 10): Batch => ({ body: new Uint8Array(size), count })

/** A queue whose receiver responds as the test says and records what it was sent. */
function open(responses: (sent: number) => SendResult | Promise<SendResult>, given: Partial<typeof limits> = {}) {
  const sent: Batch[] = []
  const health: (string | undefined)[] = []
  const deliver = async (one: Batch) => {
    sent.push(one)
    return responses(sent.length)
  }
  const queue = createExportQueue(deliver, { ...limits, ...given }, (failure) => health.push(failure))
  return { queue, sent, health }
}

const accepted: SendResult = { outcome: 'accepted' }
const sum = (counts: Map<string, number>) => Object.fromEntries(counts)

test('a batch is sent at once, and counted when it is accepted', async () => {
  const { queue, sent, health } = open(() => accepted)

  queue.enqueue(batch(7))
  expect(queue.counts).toMatchObject({ queued: 0, inFlight: 7, exported: 0 })
  await queue.flush()

  expect(sent).toHaveLength(1)
  expect(queue.counts).toMatchObject({ queued: 0, inFlight: 0, exported: 7 })
  expect(health).toEqual([undefined])
})

test('several batches are in flight at once, up to the limit', async () => {
  let inFlight = 0
  let maxInFlight = 0
  const { queue, sent } = open(async () => {
    maxInFlight = Math.max(maxInFlight, ++inFlight)
    await Bun.sleep(5)
    inFlight--
    return accepted
  })

  for (let n = 0; n < 10; n++) queue.enqueue(batch())
  await queue.flush()

  expect([sent.length, maxInFlight]).toEqual([10, 4])
})

test('an unavailable receiver is retried, one batch at a time, until it is available', async () => {
  const clock = useFakeClock()
  const { queue, sent, health } = open(
    (count) => (count <= 2 ? { outcome: 'retry', reason: 'ECONNREFUSED' } : accepted),
    {
      concurrency: 1,
    },
  )

  queue.enqueue(batch(3))
  queue.enqueue(batch(4))
  await clock.advance(20)
  expect(sent).toHaveLength(1)
  await queue.flush()
  await queue.flush()

  expect(sent.map(({ count }) => count)).toEqual([3, 3, 3, 4])
  expect(queue.counts).toMatchObject({ exported: 7, queued: 0 })
  expect(health).toEqual(['ECONNREFUSED', 'ECONNREFUSED', undefined, undefined])
})

test('sending resumes without a new batch', async () => {
  const clock = useFakeClock()
  const { queue, sent } = open((count) => (count === 1 ? { outcome: 'retry' } : accepted))

  queue.enqueue(batch())
  await clock.advance(374)
  expect(sent).toHaveLength(1)
  await clock.advance(625 - 374)

  expect(sent).toHaveLength(2)
  expect(queue.counts.exported).toBe(10)
})

test('a retry waits for Retry-After', async () => {
  const clock = useFakeClock()
  const { queue, sent } = open((count) =>
    count === 1 ? { outcome: 'retry', reason: '429', retryAfterMs: 60 } : accepted,
  )

  queue.enqueue(batch())
  await clock.advance(59)
  expect(sent).toHaveLength(1)
  await clock.advance(1)

  expect(sent).toHaveLength(2)
})

test('a refused batch is counted by reason and not retried', async () => {
  const { queue, sent, health } = open((count) => (count === 1 ? { outcome: 'refused', reason: '400' } : accepted))

  queue.enqueue(batch(6))
  await queue.flush()
  queue.enqueue(batch(1))
  await queue.flush()

  expect(sent).toHaveLength(2)
  expect(sum(queue.counts.failed)).toEqual({ '400': 6 })
  expect(queue.counts.exported).toBe(1)
  expect(health).toEqual(['400', undefined])
})

test('records rejected from an accepted batch are counted', async () => {
  const { queue } = open(() => ({ outcome: 'accepted', rejected: 3 }))

  queue.enqueue(batch(10))
  await queue.flush()

  expect(queue.counts.exported).toBe(7)
  expect(sum(queue.counts.failed)).toEqual({ rejected: 3 })
})

test.each([
  ['items', { maxItems: 40 }],
  ['bytes', { maxBytes: 40 }],
])('above the limit of %s the oldest batches are dropped, and all their records are counted', async (_, given) => {
  let isAway = true
  const { queue, sent } = open(() => (isAway ? { outcome: 'retry' } : accepted), given)

  for (let n = 1; n <= 50; n++) {
    queue.enqueue({ body: new Uint8Array(10).fill(n), count: 10 })
    await Promise.resolve()
  }
  expect(queue.counts.queued + queue.counts.inFlight).toBeLessThanOrEqual(40)
  expect(sum(queue.counts.dropped)).toEqual({ queue_full: 460 })
  isAway = false
  await queue.flush()
  await queue.flush()

  expect(queue.counts.exported).toBe(40)
  expect(sent.slice(-4).map(({ body }) => body[0])).toEqual([47, 48, 49, 50])
  // Sent batches no longer count against the limit.
  for (let n = 0; n < 4; n++) queue.enqueue(batch())
  expect(sum(queue.counts.dropped)).toEqual({ queue_full: 460 })
})

test('a single batch above the limits is still sent', async () => {
  const { queue } = open(() => accepted, { maxItems: 5 })

  queue.enqueue(batch(10))
  await queue.flush()

  expect(queue.counts.exported).toBe(10)
})

test('a flush resolves after one attempt at an unavailable receiver, and close() counts the rest as dropped', async () => {
  const { queue } = open(() => ({ outcome: 'retry', reason: 'ECONNREFUSED' }))

  queue.enqueue(batch(4))
  queue.enqueue(batch(5))
  await queue.flush()
  queue.close()

  expect(sum(queue.counts.dropped)).toEqual({ shutdown: 9 })
  expect(queue.counts.queued).toBe(0)
})

test('every record is exported, failed, dropped or queued, whatever the receiver does', async () => {
  const outcomes: SendResult[] = [
    accepted,
    { outcome: 'retry' },
    { outcome: 'refused', reason: '413' },
    { outcome: 'accepted', rejected: 2 },
  ]
  const { queue } = open(
    async (count) => {
      await Bun.sleep(count % 3)
      return outcomes[(count * 7) % 4] as SendResult
    },
    { maxItems: 60 },
  )

  let put = 0
  for (let n = 0; n < 200; n++) {
    const count = 1 + (n % 9)
    queue.enqueue(batch(count))
    put += count
    if (n % 20 === 0) await queue.flush()
  }

  const { exported, failed, dropped, queued, inFlight } = queue.counts
  const all = [...failed.values(), ...dropped.values()].reduce((total, count) => total + count, 0)
  expect(exported + all + queued + inFlight).toBe(put)
  expect(dropped.get('queue_full')).toBeGreaterThan(0)
})

test('the back-off grows once per failure, and is reset when the receiver is available again', async () => {
  const clock = useFakeClock()
  const attemptMs: number[] = []
  let isAway = true
  const { queue } = open(() => {
    attemptMs.push(performance.now())
    return isAway ? { outcome: 'retry' } : accepted
  })
  const until = (count: number) => clock.advanceUntil(() => attemptMs.length >= count)

  for (let n = 0; n < 4; n++) queue.enqueue(batch())
  await until(6)
  const [, , , fourth = 0, fifth = 0, sixth = 0] = attemptMs
  expect(fifth - fourth).toBeWithin(375, 626)
  expect(sixth - fifth).toBeWithin(750, 1251)
  isAway = false
  await queue.flush()
  isAway = true
  const before = attemptMs.length
  queue.enqueue(batch())
  await until(before + 2)
  expect((attemptMs[before + 1] ?? 0) - (attemptMs[before] ?? 0)).toBeWithin(375, 626)
})

test('the longest Retry-After applies, also to a flush, but not to the last one', async () => {
  const clock = useFakeClock()
  const responses: SendResult[] = [{ outcome: 'retry' }, { outcome: 'retry', retryAfterMs: 60_000 }]
  const { queue, sent } = open(() => responses.shift() ?? accepted)

  queue.enqueue(batch())
  queue.enqueue(batch())
  await clock.advance(700)
  await queue.flush()
  expect(sent).toHaveLength(2)
  await queue.flush(true)

  expect(queue.counts.exported).toBe(20)
})

test('a flush waits for the batches queued before it, not for later ones', async () => {
  const clock = useFakeClock()
  const { queue } = open(async () => {
    await Bun.sleep(20)
    return accepted
  })
  const putting = setInterval(() => queue.enqueue(batch()), 5)

  queue.enqueue(batch(3))
  const flushed = queue.flush()
  await clock.advance(25)
  await flushed
  const { exported } = queue.counts
  clearInterval(putting)

  expect(exported).toBeGreaterThanOrEqual(3)
  expect(exported).toBeLessThan(100)
})

test('batches in flight take at most half of the capacity', async () => {
  const { queue } = open(() => new Promise(() => {}), { maxItems: 40 })

  for (let n = 0; n < 20; n++) queue.enqueue(batch(10))

  expect(queue.counts).toMatchObject({ inFlight: 20, queued: 20 })
  expect(sum(queue.counts.dropped)).toEqual({ queue_full: 160 })
})

test('a receiver that rejects all records of a batch counts as failing', async () => {
  const { queue, health } = open(() => ({ outcome: 'accepted', rejected: 10 }))

  queue.enqueue(batch(10))
  await queue.flush()

  expect(health).toEqual(['rejected'])
})

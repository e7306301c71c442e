import { expect, onTestFinished, test } from 'bun:test'
import { freePort } from '../free-port'
import { startBalancer } from './balancer'
import { createRandom } from './random'

test('connections go to the instances in turn, and past one that does not run', async () => {
  const [first, second] = [serve('first'), serve('second')]
  const { url, stop } = await startBalancer([first.port as number, freePort(), second.port as number])
  onTestFinished(stop)
  const get = async () => (await fetch(url, { headers: { Connection: 'close' } })).text()

  expect(new Set([await get(), await get(), await get()])).toEqual(new Set(['first', 'second']))
  await first.stop(true)
  expect([await get(), await get(), await get()]).toEqual(['second', 'second', 'second'])
  await second.stop(true)
  expect(await get().catch(() => 'closed')).toBe('closed')
})

test('a seed repeats its choices, and another seed does not', () => {
  const choices = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 20 }, () => random.pick(['a', 'b', 'c', 'd']) + random.between(10, 99).toFixed(0))
  }
  expect(choices(7)).toEqual(choices(7))
  expect(choices(7)).not.toEqual(choices(8))
  expect(new Set(choices(7).map((choice) => choice[0]))).toEqual(new Set(['a', 'b', 'c', 'd']))
})

function serve(text: string) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response(text) })
  onTestFinished(() => server.stop(true))
  return server
}

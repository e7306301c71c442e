import type { Databases } from './databases'
import type { Instance, Instances } from './instances'
import type { Random } from './random'

/** Something that happens to the shop in one round. `run` resolves when it is over, and what it stopped is ready again. */
export interface RoundFault {
  title: string
  run: () => Promise<void>
}

const maxMs = 4000

/** Chooses the faults of a round: one or two at a time. */
export function chooseFaults(random: Random, shop: { instances: Instances; databases: Databases }): RoundFault[] {
  const kinds = [killOne, killPair, pauseOne, pausePair]
  if (shop.databases.server) kinds.push(killDatabase)
  if (shop.databases.fillDisk) kinds.push(fillDisk)
  const first = random.pick(kinds)
  const others = kinds.filter((kind) => kind !== first)
  const chosen = random.pick([1, 2]) === 1 ? [first] : [first, random.pick(others)]
  return chosen.map((kind) => kind(random, shop))
}

type FaultKind = (random: Random, shop: { instances: Instances; databases: Databases }) => RoundFault

const killOne: FaultKind = (random, { instances }) => killed([random.pick(instances.all)], random)
const killPair: FaultKind = (random, { instances }) => killed(pairOf(random, instances), random)
const pauseOne: FaultKind = (random, { instances }) => paused([random.pick(instances.all)], random)
const pausePair: FaultKind = (random, { instances }) => paused(pairOf(random, instances), random)

const killDatabase: FaultKind = (random, { databases: { server } }) =>
  lasting('SIGKILL database server', random, async (pause) => {
    await server?.kill()
    await pause()
    await server?.start()
  })

const fillDisk: FaultKind = (random, { databases }) =>
  lasting('disk full', random, async (pause) => {
    const empty = databases.fillDisk?.()
    await pause()
    empty?.()
    // A server that does not survive a full disk is started again, as its supervisor does.
    await databases.server?.start()
  })

function killed(victims: Instance[], random: Random): RoundFault {
  return lasting(`SIGKILL ${titlesOf(victims)}`, random, async (pause) => {
    await Promise.all(victims.map((instance) => instance.kill()))
    await pause()
    await Promise.all(victims.map((instance) => instance.start()))
  })
}

function paused(victims: Instance[], random: Random): RoundFault {
  return lasting(`SIGSTOP ${titlesOf(victims)}`, random, async (pause) => {
    for (const instance of victims) instance.pause()
    await pause()
    for (const instance of victims) instance.resume()
  })
}

/** A fault that begins within a second, and lasts up to four. */
function lasting(title: string, random: Random, work: (pause: () => Promise<void>) => Promise<void>): RoundFault {
  const [delayMs, durationMs] = [random.between(0, 1000), random.between(100, maxMs)]
  return {
    title: `${title} for ${(durationMs / 1000).toFixed(1)} s`,
    async run() {
      await Bun.sleep(delayMs)
      await work(() => Bun.sleep(durationMs))
    },
  }
}

function pairOf(random: Random, { all }: Instances): Instance[] {
  const { service } = random.pick(all)
  return all.filter((instance) => instance.service === service)
}

const titlesOf = (instances: Instance[]) => instances.map(({ title }) => title).join(' and ')

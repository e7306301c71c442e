import { scenarios } from './all'
import type { Scenario } from './contract'
import { play } from './play'
import { verdictOf } from './verdict'
import { openWorld } from './world'

const world = await openWorld(process.env, (line) => process.stderr.write(`${line}\n`))
const courses = []
for (const one of scenarios as Scenario[])
  courses.push(await play(one, world, { say: (line) => process.stderr.write(`${line}\n`) }))
process.stdout.write(JSON.stringify(courses.map(verdictOf), null, 1))
await world.close()

import { openHome, openProduct, openProducts } from '../pages/catalog.ts'
import { pickRandom } from '../pick-random.ts'
import { type Script, think, type Visit } from '../visit.ts'

/** Opens some pages and leaves, as most visitors do. */
export function* visitor(visit: Visit): Script<boolean> {
  const { slugs } = yield* openHome(visit)
  yield think
  yield* openProduct(visit, pickRandom(slugs))
  yield think
  yield* openProducts(visit)
  yield think
  yield* openProduct(visit, pickRandom(slugs))
  return true
}

/** Opens only the home page, to measure its rate. */
export function* home(visit: Visit): Script<boolean> {
  return (yield* openHome(visit)).slugs.length > 0
}

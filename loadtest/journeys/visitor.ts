import { openHome, openProduct, openProducts } from '../pages/catalogue.ts'
import { pickRandom } from '../pick-random.ts'
import { type Script, think, type Visit } from '../visit.ts'

/** Looks around and leaves, as most do. */
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

/** Opens the shop window, and nothing else: for its own rate. */
export function* home(visit: Visit): Script<boolean> {
  return (yield* openHome(visit)).slugs.length > 0
}

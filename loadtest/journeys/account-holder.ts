import { register, signIn, signOut } from '../pages/account.ts'
import { openOrders } from '../pages/orders.ts'
import { newPerson } from '../shoppers.ts'
import { type Script, think, type Visit } from '../visit.ts'

/** Creates an account, signs in, opens the orders and signs out. The shop hashes a password twice. */
export function* accountHolder(visit: Visit): Script<boolean> {
  const person = newPerson()
  yield* register(visit, person)
  yield think
  yield* signIn(visit, person)
  yield* openOrders(visit)
  yield think
  yield* signOut(visit)
  return true
}

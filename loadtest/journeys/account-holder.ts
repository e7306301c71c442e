import { register, signIn, signOut } from '../pages/account.ts'
import { openOrders } from '../pages/orders.ts'
import { newPerson } from '../shoppers.ts'
import { think } from '../think.ts'
import type { Visit } from '../visit.ts'

/** Makes an account, signs in, looks at it and signs out: twice a password is hashed. */
export function accountHolder(visit: Visit): boolean {
  const person = newPerson()
  register(visit, person)
  think()
  signIn(visit, person)
  openOrders(visit)
  think()
  signOut(visit)
  return true
}

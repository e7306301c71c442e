import { type Person, register, signIn } from './pages/account.ts'
import { openVisit, type Script, type Visitor } from './visit.ts'

let created = 0

/** A person who is not registered yet. */
export function newPerson(): Person {
  const digits = () => Math.floor(Math.random() * 1e9).toString(36)
  return { username: `charge-${digits()}${digits()}-${(created++).toString(36)}`, password: 'agrafe correcte cheval' }
}

/** Registers and signs in. @throws UnexpectedStatusError when the shop refuses it */
export function* signInShopper(index: number): Script<Visitor> {
  const visit = openVisit({ address: addressOf(index), cookies: {} })
  const person = newPerson()
  yield* register(visit, person)
  yield* signIn(visit, person)
  return visit.visitor
}

// 198.18.0.0/15 is reserved for benchmarks (RFC 2544). The lower half is for shoppers, the upper for other visitors.
const addressOf = (index: number): string => `198.18.${(index >> 8) & 255}.${index & 255}`

/** An address that is likely to be unique. */
export function randomAddress(): string {
  const byte = () => Math.floor(Math.random() * 256)
  return `198.19.${byte()}.${byte()}`
}

export const shopperAt = (shoppers: Visitor[], index: number): Visitor => {
  const shopper = shoppers[index % shoppers.length]
  if (!shopper) throw new Error('no shopper is signed in')
  return shopper
}

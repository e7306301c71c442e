import { type Person, register, signIn } from './pages/account.ts'
import { settings } from './settings.ts'
import { openVisit } from './visit.ts'

/** A shopper who is signed in: what a browser would keep. */
export interface Shopper {
  address: string
  cookies: Record<string, string>
}

let made = 0

/** A person whom the shop does not know yet. */
export function newPerson(): Person {
  const unique = `${Math.floor(Math.random() * 1e9).toString(36)}${__VU.toString(36)}-${(made++).toString(36)}`
  return { username: `charge-${unique}`, password: 'agrafe correcte cheval' }
}

/** Registers and signs in, one after the other. @throws Error when the shop refuses one */
export function signInShoppers(count: number): Shopper[] {
  return Array.from({ length: count }, (_none, index) => {
    const address = addressOf(index)
    const visit = openVisit(address)
    const person = newPerson()
    register(visit, person)
    signIn(visit, person)
    return { address, cookies: visit.cookies() }
  })
}

// 198.18.0.0/15 is for benchmarks (RFC 2544): the lower half for shoppers, the upper for everybody else.
const addressOf = (index: number): string => `198.18.${(index >> 8) & 255}.${index & 255}`

/** An address that nobody else is likely to have. */
export function anyAddress(): string {
  const byte = () => Math.floor(Math.random() * 256)
  return `198.19.${byte()}.${byte()}`
}

export const shopperAt = (shoppers: Shopper[], index: number): Shopper => {
  const shopper = shoppers[index % shoppers.length]
  if (!shopper) throw new Error(`no shoppers: ${settings.url} let none sign in`)
  return shopper
}

import { clientKey } from '../../src/client-address'
import type { Counted, RateLimit, RateLimiter } from '../../src/rate-limit'
import { type Priority, priorities } from './hash-queue'

// Wrong passwords only. An office or a mobile network shares an address, so it has more than one person with an address has.
const addressLimit: RateLimit = { name: 'login_address', burst: 20, refillMs: 30_000 }
const pairLimit: RateLimit = { name: 'login_name_address', burst: 5, refillMs: 60_000 }
// This count refuses nothing by itself, because any client can raise it for any name. Above `attackCount` each address has one attempt instead of five.
const nameCount = { name: 'login_name', refillMs: 60_000 }
const attackCount = 20
// Right passwords refuse nothing either. Above `excessCount` they wait last: otherwise one account could take all turns.
const rightCount = { name: 'login_right', refillMs: 3000 }
const excessCount = 20
// Where a person has signed in before, for a month: there an attack on the name from elsewhere does not delay them.
const knownPair = { name: 'login_known', refillMs: 30 * 24 * 3600_000 }
const pairLimitUnderAttack: RateLimit = { ...pairLimit, burst: 1 }

/** How an attempt is treated. */
export interface Admission {
  /** Where it waits. */
  priority: Priority
  /** Whether the account has signed in from this address before. */
  isKnown: boolean
}

/** The account, or the submitted name if there is none, and the client's address if it is known. */
export interface Attempt {
  account: string
  address: string | undefined
}

/**
 * Limits on guessing passwords that cannot lock a person out: an attempt is refused only by failures from its own address.
 * Failures with the same name from elsewhere make it wait behind others, and reduce what each address may try.
 */
export function createLoginGuard(limiter: RateLimiter) {
  return { admit, recordFailure, recordSuccess }

  /** @throws DomainError `TOO_MANY_REQUESTS` */
  async function admit(attempt: Attempt): Promise<Admission> {
    const counted = [rightOf(attempt), knownOf(attempt), ...failuresOf(attempt)]
    const [right = 0, known = 0, name = 0, pair = 0, address = 0] = await limiter.used(counted)
    limiter.check(addressLimit, address)
    limiter.check(name >= attackCount ? pairLimitUnderAttack : pairLimit, pair)
    const isKnown = known > 0
    if (address > 0 || pair > 0 || right >= excessCount) return { priority: priorities.last, isKnown }
    return { priority: name > 0 && !isKnown ? priorities.nameFailed : priorities.clean, isKnown }
  }

  async function recordFailure(attempt: Attempt): Promise<void> {
    await limiter.record(failuresOf(attempt))
  }

  async function recordSuccess(attempt: Attempt, { isKnown }: Admission): Promise<void> {
    await limiter.record(isKnown ? [rightOf(attempt)] : [rightOf(attempt), knownOf(attempt)])
  }
}

export type LoginGuard = ReturnType<typeof createLoginGuard>

const rightOf = ({ account }: Attempt): Counted => ({ limit: rightCount, key: account })

const knownOf = ({ account, address }: Attempt): Counted => ({ limit: knownPair, key: pairKey(account, address) })

function failuresOf({ account, address }: Attempt): Counted[] {
  const name = { limit: nameCount, key: account }
  if (address === undefined) return [name]
  const client = clientKey(address)
  return [name, { limit: pairLimit, key: pairKey(account, address) }, { limit: addressLimit, key: client }]
}

const pairKey = (account: string, address: string | undefined) =>
  `${account}\n${address === undefined ? '' : clientKey(address)}`

import { clientKey, currentClientAddress } from '../../src/client-address'
import type { RateLimit, RateLimiter } from '../../src/rate-limit'

// A person never gets there, a program that fills the database with orders does.
const userLimit: RateLimit = { name: 'checkout_user', burst: 60, refillMs: 2000 }
// Shoppers of an office or a mobile network share an address.
const addressLimit: RateLimit = { name: 'checkout_address', burst: 120, refillMs: 500 }

/** Counts a checkout of this user, and of the client's address if it is known. @throws DomainError `TOO_MANY_REQUESTS` */
export async function limitCheckouts(limiter: RateLimiter, userId: string): Promise<void> {
  await limiter.take(userLimit, userId)
  const address = currentClientAddress()
  if (address !== undefined) await limiter.take(addressLimit, clientKey(address))
}

import type { Telemetry } from '@vitrine/telemetry'
import type { Database, OpenDatabase } from '../../src/database/database'
import { createRateLimiter, type RateLimiter } from '../../src/rate-limit'
import { createInstruments, type Instruments } from './declarations'
import { createHashQueue, type HashQueueOptions } from './hash-queue'
import { createLoginGuard, type LoginGuard } from './login-guard'
import { createPasswords, type PasswordHasher, type Passwords } from './password'
import { rateLimits } from './schema'

/** The dependencies of user-service's verbs and of the sweep. */
export interface UserContext {
  db: Database
  telemetry: Telemetry
  instruments: Instruments
  limiter: RateLimiter
  guard: LoginGuard
  passwords: Passwords
  /** The time in milliseconds since 1970. */
  now: () => number
}

export interface UserContextOptions {
  database: OpenDatabase
  telemetry: Telemetry
  now?: (() => number) | undefined
  /** Replaces argon2id, in tests. */
  hasher?: PasswordHasher | undefined
  hashQueue?: HashQueueOptions | undefined
}

export function createUserContext({
  database: { db },
  telemetry,
  now = Date.now,
  hasher,
  hashQueue,
}: UserContextOptions): UserContext {
  const limiter = createRateLimiter({ db, table: rateLimits, telemetry, now })
  return {
    db,
    telemetry,
    instruments: createInstruments(telemetry),
    limiter,
    guard: createLoginGuard(limiter),
    passwords: createPasswords(createHashQueue(hashQueue), hasher),
    now,
  }
}

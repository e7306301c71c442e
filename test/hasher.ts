import { argon2id, type PasswordHasher } from '../services/user/password'

/** A hasher without a cost, which shows the password: for tests that are about something else. */
export const plainHasher: PasswordHasher = {
  hash: async (password) => `hash of ${password}`,
  verify: async (password, hash) => hash === `hash of ${password}`,
}

/** The hasher of `openShop()`: plain for new users, and argon2id for the seeded administrator. Saves 50 ms for each user. */
export const defaultHasher: PasswordHasher = {
  ...plainHasher,
  verify: (password, hash) => (hash.startsWith('$argon2') ? argon2id : plainHasher).verify(password, hash),
}

/** A hasher whose verifications end when the test releases them. */
export function heldHasher() {
  const held: { password: string; release: () => void }[] = []
  const hasher: PasswordHasher = {
    ...plainHasher,
    async verify(password, hash) {
      await new Promise<void>((release) => held.push({ password, release }))
      return plainHasher.verify(password, hash)
    },
  }
  return { hasher, held, releaseNext }

  /** Ends the oldest active verification. @returns its password */
  function releaseNext(): string | undefined {
    const next = held.shift()
    next?.release()
    return next?.password
  }
}

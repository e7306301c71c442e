import type { HashQueue, Priority } from './hash-queue'

export interface PasswordHasher {
  hash(password: string): Promise<string>
  verify(password: string, hash: string): Promise<boolean>
}

/**
 * argon2id with 19 MiB, 2 passes, 1 lane: about 25 ms on a thread of its own. Source: OWASP Password Storage Cheat Sheet.
 */
export const argon2id: PasswordHasher = {
  hash: (password) => Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 19 * 1024, timeCost: 2 }),
  verify: (password, hash) => Bun.password.verify(password, hash),
}

export interface Passwords {
  hash(password: string, priority: Priority): Promise<string>
  /** Without a hash (an unknown name) it takes as long, and is false. */
  verify(password: string, hash: string | undefined, priority: Priority): Promise<boolean>
}

/** Hashes passwords in their turn. @throws DomainError `OVERLOADED` */
export function createPasswords(queue: HashQueue, hasher: PasswordHasher = argon2id): Passwords {
  // Created at the start, so that the first login with an unknown name takes no longer than the next.
  decoyHash()
  return {
    hash: (password, priority) => queue(priority, () => hasher.hash(password)),
    async verify(password, hash, priority) {
      const comparedWith = hash ?? (await decoyHash())
      const isMatch = await queue(priority, () => hasher.verify(password, comparedWith))
      return isMatch && hash !== undefined
    },
  }
}

let decoy: Promise<string> | undefined

/** The hash of a random password. */
function decoyHash(): Promise<string> {
  decoy ??= argon2id.hash(crypto.randomUUID())
  return decoy
}

/** argon2id with 19 MiB, 2 passes, 1 lane: about 25 ms. Source: OWASP Password Storage Cheat Sheet. */
export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 19 * 1024, timeCost: 2 })

export const verifyPassword = (password: string, hash: string): Promise<boolean> => Bun.password.verify(password, hash)

let decoy: Promise<string> | undefined

/** The hash of a random password. A login with an unknown name verifies against it, so that it takes as long as others. */
export function decoyHash(): Promise<string> {
  decoy ??= hashPassword(crypto.randomUUID())
  return decoy
}

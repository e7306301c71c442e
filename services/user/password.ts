/** argon2id with 19 MiB, 2 passes, 1 lane: about 25 ms. Source: OWASP Password Storage Cheat Sheet. */
export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 19 * 1024, timeCost: 2 })

export const verifyPassword = (password: string, hash: string): Promise<boolean> => Bun.password.verify(password, hash)

let decoy: Promise<string> | undefined

/** A hash that nobody's password has: checking against it makes an unknown name take as long as a known one. */
export function decoyHash(): Promise<string> {
  decoy ??= hashPassword(crypto.randomUUID())
  return decoy
}

/** A token expires after this time without use. */
export const maxIdleMs = 12 * 3600_000
/** A token expires after this time in any case. */
export const maxLifetimeMs = 30 * 24 * 3600_000

/** 256 random bits. */
export const newToken = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')

export const hashToken = (token: string): string => new Bun.CryptoHasher('sha256').update(token).digest('hex')

/** When a token expires without further use. */
export function expiryOf(token: { createdAt: Date; lastUsedAt: Date }): Date {
  return new Date(Math.min(token.lastUsedAt.getTime() + maxIdleMs, token.createdAt.getTime() + maxLifetimeMs))
}

import { eq } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { tokens } from './schema'

/** Revokes a token by its hash. An unknown token is ignored, so that a revocation can be repeated. */
export async function revokeToken({ db }: { db: Database }, hash: string): Promise<void> {
  await db.delete(tokens).where(eq(tokens.hash, hash))
}

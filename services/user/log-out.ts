import { eq } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { tokens } from './schema'
import { hashToken } from './token'

/** Revokes a token. An unknown token is ignored. */
export async function logOut({ db }: { db: Database }, token: string): Promise<void> {
  await db.delete(tokens).where(eq(tokens.hash, hashToken(token)))
}

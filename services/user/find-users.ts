import { desc, lt } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { nextCursor, type Page } from '../page'
import { users } from './schema'
import { toUser, type User } from './user'

/** A page of users, newest first. */
export async function listUsers(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<User>> {
  const rows = await db
    .select()
    .from(users)
    .where(cursor ? lt(users.id, cursor) : undefined)
    .orderBy(desc(users.id))
    .limit(limit + 1)
  return { items: rows.slice(0, limit).map(toUser), next_cursor: nextCursor(rows, limit) }
}

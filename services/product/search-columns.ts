import { eq, isNull } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { foldText } from './fold-text'
import { products } from './schema'

const maxSortNameLength = 120

/** The columns by which a product is searched and sorted. */
export const searchColumns = ({ name, description }: { name: string; description: string }) => ({
  searchText: foldText(`${name}\n${description}`),
  // Folding can lengthen a name: one ligature becomes several letters.
  sortName: [...foldText(name)].slice(0, maxSortNameLength).join(''),
})

/** Fills these columns in rows of an older version. */
export async function fillSearchColumns(db: Database): Promise<void> {
  const { id, name, description } = products
  const rows = await db.select({ id, name, description }).from(products).where(isNull(products.searchText))
  for (const row of rows) await db.update(products).set(searchColumns(row)).where(eq(products.id, row.id))
}

import type { Telemetry } from '@vitrine/telemetry'
import { eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import { noSuchProduct } from './find-products'
import { slugOf } from './fold-text'
import { type Product, type ProductRow, productColumns, toProduct } from './product'
import { type ChangeRecord, recordChange } from './product-changes'
import { looksLikeId, maxStock, type NewProduct, type ProductChange } from './product-input'
import { products } from './schema'
import { searchColumns } from './search-columns'

interface Context {
  db: Database
  telemetry: Telemetry
}

/** Adds a product to the catalog. @throws DomainError `SLUG_TAKEN` */
export async function createProduct(
  { db, telemetry }: Context,
  { userId, product }: { userId: string; product: NewProduct },
): Promise<Product> {
  const id = Bun.randomUUIDv7()
  const { slug = derivedSlug(product.name) ?? `article-${id.slice(-8)}`, price_cents, ...fields } = product
  const row = { id, slug, priceCents: price_cents, ...fields, withdrawnAt: null }
  const created = toProduct(row)
  try {
    const changed = await db.transaction(async (tx) => {
      await tx.insert(products).values({ ...row, ...searchColumns(row) })
      return recordChange(tx, { productId: id, userId, action: 'create', before: {}, after: created })
    })
    report(telemetry, created, 'create', changed)
    return created
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new DomainError('SLUG_TAKEN', { detail: `A product already has the slug ${slug}`, slug })
  }
}

// A product is found by its slug or by its id.
function derivedSlug(name: string): string | undefined {
  const slug = slugOf(name)
  return slug === '' || looksLikeId(slug) ? undefined : slug
}

/** Changes a product, or puts a withdrawn one on sale again. @throws DomainError `NOT_FOUND`, `STOCK_LIMIT` */
export async function changeProduct(
  context: Context,
  { id, userId, change }: { id: string; userId: string; change: ProductChange },
): Promise<Product> {
  const action = change.withdrawn === false ? 'restore' : 'change'
  return update(context, { id, userId, action }, (before) => {
    const { name = before.name, description = before.description, image = before.image } = change
    const stock = change.stock ?? before.stock + (change.restock ?? 0)
    if (stock > maxStock && stock > before.stock) throw new DomainError('STOCK_LIMIT', { max_stock: maxStock })
    const withdrawnAt = change.withdrawn === false ? null : before.withdrawnAt
    return {
      ...before,
      name,
      description,
      image,
      stock,
      priceCents: change.price_cents ?? before.priceCents,
      withdrawnAt,
    }
  })
}

/** Withdraws a product from sale. A withdrawn product stays unchanged. @throws DomainError `NOT_FOUND` */
export async function withdrawProduct(context: Context, by: { id: string; userId: string }): Promise<void> {
  await update(context, { ...by, action: 'withdraw' }, (before) => ({
    ...before,
    withdrawnAt: before.withdrawnAt ?? new Date(),
  }))
}

async function update(
  { db, telemetry }: Context,
  { id, userId, action }: { id: string; userId: string; action: ChangeRecord['action'] },
  change: (before: ProductRow) => ProductRow,
): Promise<Product> {
  const { after, changed } = await db.transaction(async (tx) => {
    const before = await lockProduct(tx, id)
    const after = change(before)
    await tx
      .update(products)
      .set({ ...after, ...searchColumns(after) })
      .where(eq(products.id, id))
    const record = { productId: id, userId, action, before: auditedFields(before), after: auditedFields(after) }
    return { after, changed: await recordChange(tx, record) }
  })
  const product = toProduct(after)
  if (changed.length > 0) report(telemetry, product, action, changed)
  return product
}

/** The product, which no other request can change until the transaction ends. */
async function lockProduct(tx: Transaction, id: string): Promise<ProductRow> {
  // An update without a change takes the row's write lock in both dialects.
  await tx
    .update(products)
    .set({ stock: sql`${products.stock}` })
    .where(eq(products.id, id))
  const [row] = await tx.select(productColumns).from(products).where(eq(products.id, id))
  if (!row) throw noSuchProduct()
  return row
}

const auditedFields = (row: ProductRow) => ({ ...toProduct(row), withdrawn: row.withdrawnAt !== null })

function report(telemetry: Telemetry, { id, slug }: Product, action: ChangeRecord['action'], changed: string[]): void {
  telemetry.log.event('product.changed', {
    'product.id': id,
    'product.slug': slug,
    'product.action': action,
    'product.changed_fields': changed,
  })
}

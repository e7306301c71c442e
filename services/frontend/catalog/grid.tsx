import type { FC } from 'hono/jsx'
import type { Page } from '../../page'
import type { Product } from '../context'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { memoizeByObject } from '../ui/memoize'
import { Cards } from './card'
import { type CatalogQuery, productsPath, type Sort, sorts } from './catalog-query'
import { SearchForm } from './search-form'

interface GridProps {
  products: Page<Product>
  query: CatalogQuery
}

/** The products of one page that match a query. */
export const Grid: FC<GridProps> = ({ products: { items, next_cursor }, query }) => {
  const { catalog: texts } = useMessages()
  return (
    <>
      <div class="hero">
        <h1>{query.q ? texts.resultsFor(query.q) : texts.title}</h1>
        {!query.q && <p>{texts.intro}</p>}
        <SearchForm query={query} />
      </div>
      {items.length === 0 ? <Nothing q={query.q} /> : <Cards products={items} level="h2" />}
      {next_cursor && (
        <p class="actions">
          <a class="button quiet" href={productsPath({ ...query, cursor: next_cursor })} rel="next">
            {texts.more}
          </a>
        </p>
      )}
    </>
  )
}

const Nothing: FC<{ q: string | undefined }> = ({ q }) => {
  const { catalog: texts } = useMessages()
  if (!q) return <p class="card center">{texts.empty}</p>
  return (
    <section class="card center">
      <p class="big">{texts.noResults(q)}</p>
      <p>{texts.noResultsAdvice}</p>
      <p class="actions">
        <a class="button" href={routes.products}>
          {texts.all}
        </a>
      </p>
    </section>
  )
}

// Memoized by the response of product-service, which differs by sort.
const memoizeSorted = (sort?: Sort) =>
  memoizeByObject((products: Page<Product>) => <Grid products={products} query={{ sort }} />)

const unsorted = memoizeSorted()
const sorted = new Map<Sort | undefined, typeof unsorted>(sorts.map((sort) => [sort, memoizeSorted(sort)]))

/** The first page of all products in an order. */
export const gridOf = (sort: Sort | undefined) => sorted.get(sort) ?? unsorted

import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { SearchIcon } from '../ui/icons'
import { type CatalogQuery, sorts } from './catalog-query'

/** The search box; with `query` also the order of the results. */
export const SearchForm: FC<{ query?: CatalogQuery }> = ({ query }) => {
  const { catalog: texts } = useMessages()
  return (
    <search>
      <form class="search" action={routes.products}>
        <input
          type="search"
          name="q"
          value={query?.q}
          maxlength={100}
          aria-label={texts.searchLabel}
          placeholder={texts.searchLabel}
        />
        {query && (
          <select name="sort" aria-label={texts.sortLabel}>
            <option value="">{texts.unsorted}</option>
            {sorts.map((sort) => (
              <option value={sort} selected={sort === query.sort}>
                {texts.sorts[sort]}
              </option>
            ))}
          </select>
        )}
        <button class="button" type="submit">
          <SearchIcon />
          {texts.search}
        </button>
      </form>
    </search>
  )
}

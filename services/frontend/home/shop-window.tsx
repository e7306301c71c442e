import type { FC } from 'hono/jsx'
import { assetPath } from '../assets'
import { ProductRow } from '../catalog/product-row'
import { SearchForm } from '../catalog/search-form'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { routes } from '../routes'
import { memoizeByObject } from '../ui/memoize'

export interface HomeProducts {
  newest: readonly Product[]
  /** `undefined` while order-service is unavailable. */
  mostBought: readonly Product[] | undefined
}

/** The home page: what is new, what others buy, and what this visitor has seen. */
export const shopWindow = memoizeByObject(({ newest, mostBought }: HomeProducts) => (
  <ShopWindow newest={newest} mostBought={mostBought} />
))

const ShopWindow: FC<HomeProducts> = ({ newest, mostBought }) => {
  const { catalog: texts } = useMessages()
  return (
    <>
      <div class="hero">
        <h1>{texts.title}</h1>
        <p>{texts.intro}</p>
        <SearchForm />
      </div>
      {newest.length === 0 && <p class="card center">{texts.empty}</p>}
      <ProductRow title={texts.newest} products={newest} />
      <ProductRow title={texts.mostBought} products={mostBought} />
      <p class="actions">
        <a class="button quiet" href={routes.products}>
          {texts.all}
        </a>
      </p>
      <LastViewed />
    </>
  )
}

// The script runs before the footer is parsed, so that the footer does not move.
const LastViewed: FC = () => {
  const { catalog: texts } = useMessages()
  return (
    <>
      <section class="section" data-last-viewed hidden>
        <h2>{texts.lastViewed}</h2>
        <ul class="grid row" />
        <template>
          <li class="card product">
            <img alt="" width="400" height="400" />
            <h3 lang={useCatalogLang()}>
              <a href={routes.products}>{texts.all}</a>
            </h3>
          </li>
        </template>
      </section>
      <script src={assetPath('viewed.js')} />
    </>
  )
}

import { paths } from '../routes'
import type { Product } from '../shop'
import { fr } from '../text/fr'
import { rememberedOf } from '../ui/remembered'
import { productCard } from './card'

const texts = fr.catalogue

/** A page of the catalogue, as product-service gives it. */
interface Catalogue {
  items: Product[]
  next_cursor: string | null
}

export const grid = rememberedOf(({ items, next_cursor }: Catalogue) => (
  <>
    <div class="hero">
      <h1>{texts.title}</h1>
      <p>{texts.intro}</p>
    </div>
    {items.length === 0 ? <p class="card center">{texts.empty}</p> : <ul class="grid">{items.map(productCard)}</ul>}
    {next_cursor && (
      <p class="actions">
        <a class="button quiet" href={paths.productsAfter(next_cursor)}>
          {texts.more}
        </a>
      </p>
    )}
  </>
))

import type { FC } from 'hono/jsx'
import { paths } from '../routes'
import type { Product } from '../shop'
import { fr } from '../text/fr'
import { productCard } from './card'

const texts = fr.catalogue

export const Grid: FC<{ products: Product[]; nextCursor: string | null }> = ({ products, nextCursor }) => (
  <>
    <div class="hero">
      <h1>{texts.title}</h1>
      <p>{texts.intro}</p>
    </div>
    {products.length === 0 ? (
      <p class="card center">{texts.empty}</p>
    ) : (
      <ul class="grid">{products.map(productCard)}</ul>
    )}
    {nextCursor && (
      <p class="actions">
        <a class="button quiet" href={paths.productsAfter(nextCursor)}>
          {texts.more}
        </a>
      </p>
    )}
  </>
)

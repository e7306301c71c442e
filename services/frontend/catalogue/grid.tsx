import type { Page } from '../../page'
import type { Product } from '../context'
import { fr } from '../messages/fr'
import { paths } from '../routes'
import { memoizeByObject } from '../ui/memoize'
import { productCard } from './card'

const texts = fr.catalogue

export const grid = memoizeByObject(({ items, next_cursor }: Page<Product>) => (
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

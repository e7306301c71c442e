import type { Messages } from '../fr'
import { english as t } from '../typography'

export const catalog: Messages['catalog'] = {
  title: 'Tech Shop',
  intro: t`Well-chosen things, ready to go.`,
  empty: t`The catalog is empty at the moment. Come back soon!`,
  more: 'See more',
  inStock: 'In stock',
  fewLeft: (count) => t`Only ${count} left`,
  soldOut: 'Sold out',
  soldOutAdvice: t`This item will be back soon. Meanwhile, the rest of the shop is here for you.`,
  quantity: 'Quantity',
  add: 'Add to cart',
}

import { account } from './account'
import { admin } from './admin'
import { cart } from './cart'
import { catalog } from './catalog'
import { formats } from './formats'
import { orders } from './orders'
import { problems } from './problems'
import { shell } from './shell'

export type Language = 'fr' | 'en'

/** The message catalog of the storefront, in French. */
export const fr = { language: 'fr', ...formats, ...shell, catalog, cart, orders, account, admin, problems }

/** All texts and formats of one language. A text that a language lacks does not compile. */
export type Messages = Omit<typeof fr, 'language'> & { language: Language }

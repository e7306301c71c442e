import type { Messages } from '../fr'
import { account } from './account'
import { admin } from './admin'
import { cart } from './cart'
import { catalog } from './catalog'
import { formats } from './formats'
import { orders } from './orders'
import { problems } from './problems'
import { shell } from './shell'

/** The message catalog of the storefront, in English. */
export const en: Messages = { language: 'en', ...formats, ...shell, catalog, cart, orders, account, admin, problems }

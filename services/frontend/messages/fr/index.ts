import { account } from './account'
import { cart } from './cart'
import { catalogue } from './catalogue'
import { formats } from './formats'
import { orders } from './orders'
import { problems } from './problems'
import { shell } from './shell'

/** The message catalog of the storefront, in French. Its type is the type of every catalog. */
export const fr = { language: 'fr', ...formats, ...shell, catalogue, cart, orders, account, problems }

import type { Messages } from '../type'
import { account } from './account'
import { cart } from './cart'
import { catalogue } from './catalogue'
import { formats } from './formats'
import { orders } from './orders'
import { problems } from './problems'
import { shell } from './shell'

/** The message catalog of the storefront, in English. */
export const en: Messages = { language: 'en', ...formats, ...shell, catalogue, cart, orders, account, problems }

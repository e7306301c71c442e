import type { Messages } from '../fr'
import { noBreak, english as t } from '../typography'
import { formats } from './formats'

const { formatCount } = formats

type Shell = Pick<
  Messages,
  'brand' | 'slogan' | 'skip' | 'articles' | 'tryAgain' | 'badge' | 'languages' | 'navigation' | 'flash' | 'problem'
>

export const shell: Shell = {
  brand: 'Vitrine',
  slogan: t`The shop you can see through.`,
  skip: 'Skip to content',
  articles: (count) => formatCount(count, { one: 'item', other: 'items' }),
  tryAgain: 'Try again',

  badge: {
    took: (ms) => `${ms}${noBreak}ms`,
    queries: (count) => formatCount(count, { one: 'SQL query', other: 'SQL queries' }),
    trace: 'trace',
  },

  languages: {
    label: 'Language',
    fr: 'Français',
    en: 'English',
  },

  navigation: {
    label: 'Main navigation',
    menu: 'Menu',
    home: 'Home',
    products: 'Products',
    login: 'Sign in',
    register: 'Register',
    orders: 'Orders',
    administration: 'Administration',
    account: (name) => t`My account: ${name}`,
    logout: 'Sign out',
    cart: 'Cart',
    breadcrumb: 'Breadcrumb',
  },

  flash: {
    welcome: (name) => t`Welcome, ${name}`,
    added: 'Added to your cart',
    cartUpdated: 'Cart updated',
    removed: 'Product removed from your cart',
    registered: t`Thank you for registering, please sign in`,
    pleaseSignIn: 'Please sign in',
    goodbye: t`See you soon!`,
    seeCart: 'View cart',
    cookiesRefused: t`Your browser refuses cookies: without them, the shop can remember neither your sign-in nor your cart. Allow them for this site, then start again.`,
  },

  problem: {
    quote: t`If this persists, write to us and quote this number:`,
    home: 'Back to the home page',
    again: 'Try again',
    status: (status) => t`Error ${status}`,
  },
}

import { maxQuantity } from '../../../limits'
import type { Messages } from '../fr'
import { english as t } from '../typography'
import { formats } from './formats'

const { formatPrice, formatList } = formats

export const cart: Messages['cart'] = {
  title: 'Order summary',
  pageTitle: 'Cart',
  guestTitle: 'Your cart',
  image: 'Image',
  product: 'Product',
  price: 'Price',
  quantity: 'Quantity',
  total: 'Total',
  action: 'Action',
  grandTotal: 'Order total',
  quantityOf: (name) => t`Quantity of ${name}`,
  update: 'Update',
  remove: 'Remove',
  removeOne: (name) => t`Remove ${name} from the cart`,
  pay: 'Confirm and pay',
  payAdvice: t`Vitrine is a demonstration: nothing will be charged.`,
  empty: 'Your cart is empty',
  emptyAdvice: t`Add an item: it will wait for you here.`,
  alreadyOrdered: t`Your cart is empty: you may have placed this order already. See your orders.`,
  goShopping: 'Discover the products',
  keepShopping: 'Continue shopping',
  wrongQuantity: t`The quantity must be a whole number from 1 to ${maxQuantity}.`,
  quantityLimit: t`A cart accepts at most ${maxQuantity} pieces of one item.`,
  full: t`Your cart is full: place the order, then start another one.`,
  onlyLeft: (stock, inCart = 0) => {
    if (stock <= 0) return t`This item is sold out.`
    if (inCart > 0) return t`There are only ${stock} of this item left, and your cart contains ${inCart}.`
    return t`There are only ${stock} of this item left.`
  },
  left: (stock) => (stock > 0 ? t`Only ${stock} left` : 'Sold out'),
  shortage: (names) =>
    t`Not enough stock: ${formatList(names)}. Reduce the quantity or remove the item before you pay.`,
  guestAdvice: t`Sign in to pay: your cart comes with you.`,
  signInToPay: 'Sign in to pay',
  notTaken: (names) => t`Your cart could not take everything: ${formatList(names)}. Check the quantities.`,
  noLongerSold: t`an item that is no longer sold`,
  withdrawn: t`An item in your cart is no longer sold, and was removed.`,
  addRetry: {
    title: t`The item may not have been added`,
    advice: t`One of our services does not respond at the moment. You can safely try again: the item is not added twice.`,
  },
  notInCart: t`This item is no longer in your cart.`,
  unavailable: t`The change could not be saved. Try again in a moment.`,
  cartChanged: t`This page showed another cart: nothing was paid. Here is yours.`,
  priceChanged: (totalCents) =>
    totalCents === undefined
      ? t`Your cart has changed in the meantime. Check it before you pay.`
      : t`The total has changed in the meantime: it is now ${formatPrice(totalCents)}. Check your order before you pay.`,
  outOfStock: (names) =>
    names.length > 0
      ? t`Not enough stock: ${formatList(names)}. Reduce the quantity or remove the item, then confirm again.`
      : t`Not enough stock for one of the items. Reduce the quantities, then confirm again.`,
  retry: {
    title: t`Your order could not be confirmed yet`,
    advice: t`One of our services does not respond at the moment. You can safely try again: the same order is never placed or paid twice.`,
  },
}

import type { ServiceContract } from '../../src/openapi/contract'
import { pageOf } from '../page'
import { cart } from './cart'
import { mergedCart } from './merge-cart'
import { order } from './order'
import { productRanking } from './rankings'

export const contract = {
  title: 'order-service',
  description: 'Carts and orders.',
  routes: {
    'GET /api/order': {
      summary: 'The open cart at current prices, with the pieces available of each product',
      responses: { 200: cart },
    },
    'POST /api/order/add-item': {
      summary:
        'Adds pieces of a product to the cart, once for each key. 409 `OUT_OF_STOCK` with `available` and `in_cart` if the stock is too small',
      responses: { 200: cart },
      codes: ['NOT_FOUND', 'OUT_OF_STOCK', 'QUANTITY_LIMIT', 'CART_FULL', 'IDEMPOTENCY_KEY_REUSED'],
    },
    'POST /api/order/merge': {
      summary: 'Adds a guest’s cart to the cart, up to stock and limits, once for each key; `not_taken` lists the rest',
      responses: { 200: mergedCart },
      codes: ['IDEMPOTENCY_KEY_REUSED'],
    },
    'PATCH /api/order/items/:productId': {
      summary: 'Changes a quantity in the cart',
      responses: { 200: cart },
      codes: ['NOT_FOUND', 'OUT_OF_STOCK'],
    },
    'DELETE /api/order/remove-item/:productId': {
      summary: 'Removes a product from the cart',
      responses: { 200: cart },
      codes: ['NOT_FOUND'],
    },
    'POST /api/order/checkout': {
      summary:
        'Places the order: 201, or 200 where this key already placed it. 409 `PRICE_CHANGED` if the total is not the expected one, `CART_CHANGED` if `cart_id` is not the user’s open cart',
      responses: { 200: order, 201: order },
      codes: [
        'EMPTY_CART',
        'CART_CHANGED',
        'PRICE_CHANGED',
        'OUT_OF_STOCK',
        'IDEMPOTENCY_KEY_REUSED',
        'TOO_MANY_REQUESTS',
      ],
    },
    'GET /api/orders': {
      summary: 'A page of the user’s orders, newest first; `scope=all` for those of all users (administrators)',
      responses: { 200: pageOf(order, 'OrderPage') },
      codes: ['FORBIDDEN'],
    },
    'GET /api/orders/:id': { summary: 'One order', responses: { 200: order }, codes: ['NOT_FOUND'] },
    'GET /api/most-bought': {
      summary: 'Ids of the products that were bought most in the last 30 days, up to a minute old',
      responses: { 200: productRanking },
    },
    'GET /api/products/:id/bought-with': {
      summary: 'Ids of the products that are most often in the same orders, up to a minute old',
      responses: { 200: productRanking },
    },
  },
} as const satisfies ServiceContract

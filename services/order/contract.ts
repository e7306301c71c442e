import type { ServiceContract } from '../../src/openapi/contract'
import { pageOf } from '../page'
import { cart } from './cart'
import { order } from './order'

export const contract = {
  title: 'order-service',
  description: 'Carts and orders.',
  routes: {
    'GET /api/order': { summary: 'The open cart at current prices', responses: { 200: cart } },
    'POST /api/order/add-item': {
      summary: 'Adds pieces of a product to the cart',
      responses: { 200: cart },
      codes: ['NOT_FOUND', 'OUT_OF_STOCK', 'QUANTITY_LIMIT', 'CART_FULL'],
    },
    'PATCH /api/order/items/:productId': {
      summary: 'Changes a quantity in the cart',
      responses: { 200: cart },
      codes: ['NOT_FOUND'],
    },
    'DELETE /api/order/remove-item/:productId': {
      summary: 'Removes a product from the cart',
      responses: { 200: cart },
      codes: ['NOT_FOUND'],
    },
    'POST /api/order/checkout': {
      summary:
        'Places the order: 201, or 200 where this key already placed it. 409 `PRICE_CHANGED` if the total is not the expected one',
      responses: { 200: order, 201: order },
      codes: ['EMPTY_CART', 'PRICE_CHANGED', 'OUT_OF_STOCK', 'IDEMPOTENCY_KEY_REUSED'],
    },
    'GET /api/orders': {
      summary: 'A page of the user’s orders, newest first',
      responses: { 200: pageOf(order, 'OrderPage') },
    },
    'GET /api/orders/:id': { summary: 'One order', responses: { 200: order }, codes: ['NOT_FOUND'] },
  },
} as const satisfies ServiceContract

import { z } from 'zod'
import type { ServiceContract } from '../../src/openapi/contract'
import { pageOf } from '../page'
import { product } from './product'
import { change } from './product-changes'
import { reservation } from './reserve-stock'

const productPage = pageOf(product, 'ProductPage')

export const contract = {
  title: 'product-service',
  description: 'The catalog, the stock and the reservations of orders.',
  routes: {
    'GET /api/products': {
      summary: 'A page of the products on sale, with `ETag`; `q` searches, `sort` orders',
      responses: { 200: productPage, 304: null },
      codes: ['TOO_MANY_REQUESTS'],
    },
    'GET /api/products/batch': {
      summary: 'Up to 100 products by id, comma-separated; unknown and withdrawn ones are left out',
      responses: { 200: z.object({ items: z.array(product) }).meta({ id: 'ProductBatch' }) },
    },
    'GET /api/products/withdrawn': {
      summary: 'A page of the withdrawn products',
      responses: { 200: productPage },
    },
    'GET /api/product/:slugOrId': {
      summary: 'One product, with `ETag`; 404 for a withdrawn one',
      responses: { 200: product, 304: null },
      codes: ['NOT_FOUND'],
    },
    'POST /api/product/create': {
      summary: 'Adds a product; without `slug` it is derived from the name',
      responses: { 201: product },
      codes: ['SLUG_TAKEN'],
    },
    'PATCH /api/product/:id': {
      summary: 'Changes a product, or puts a withdrawn one on sale again',
      responses: { 200: product },
      codes: ['NOT_FOUND', 'STOCK_LIMIT'],
    },
    'DELETE /api/product/:id': {
      summary: 'Withdraws a product from sale; orders keep it',
      responses: { 204: null },
      codes: ['NOT_FOUND'],
    },
    'GET /api/product/:id/changes': {
      summary: 'A page of what administrators did to a product, newest first',
      responses: { 200: pageOf(change, 'ProductChangePage') },
    },
    'PUT /api/reservations/:orderId': {
      summary: 'Reserves the stock of an order, all or nothing',
      responses: { 200: reservation },
      codes: ['OUT_OF_STOCK', 'RESERVATION_RELEASED', 'RESERVATION_DIFFERS'],
    },
    'POST /api/reservations/:orderId/confirm': {
      summary: 'Confirms a reservation',
      responses: { 200: reservation },
      codes: ['NOT_FOUND', 'RESERVATION_RELEASED'],
    },
    'DELETE /api/reservations/:orderId': {
      summary: 'Releases a reservation',
      responses: { 200: reservation },
      codes: ['RESERVATION_CONFIRMED'],
    },
  },
} as const satisfies ServiceContract

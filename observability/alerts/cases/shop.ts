import type { AlertCase } from './case'

const failed = 'orders_checkout_failed_total{service_name="order-service",reason="internal"}'
const unavailable = 'orders_checkout_failed_total{service_name="frontend",reason="unavailable"}'
const completed = 'orders_checkout_completed_total{service_name="order-service"}'
const refused = 'orders_checkout_refused_total{service_name="order-service",reason="out_of_stock"}'
const opened = 'orders_created_total{service_name="order-service"}'
const stock = (slug: string, instance = 'a') =>
  `product_stock{service_name="product-service",service_instance_id="${instance}",product_slug="${slug}"}`
const laptopLeft = (value: string) => ({ service_name: 'product-service', product_slug: 'laptop-pro', value })

// A counter that increases `times` times by one, every `samples` samples.
const increments = (times: number, samples: number) =>
  Array.from({ length: times }, (_, count) => `${count}x${samples - 1}`)
    .concat(`${times}x60`)
    .join(' ')

export const shopCases: Record<string, AlertCase[]> = {
  CheckoutFailures: [
    {
      name: 'fires when half of the checkouts fail, counted by either service, and resolves after a minute',
      series: { [completed]: '0+2x72', [failed]: '0+1x36 36x36', [unavailable]: '0+1x36 36x36' },
      firingAt: { '2m': [{ value: '50%' }], '4m30s': [] },
    },
    {
      name: 'fires when all fail and none was ever completed',
      series: { [unavailable]: '0x6 0+1x36' },
      firingAt: { '30s': [], '1m30s': [{ value: '100%' }] },
    },
    {
      name: 'fires at one checkout per minute when all fail, and resolves five minutes after the last',
      series: { [completed]: '0+0x240', [unavailable]: increments(12, 12) },
      firingAt: { '3m': [], '7m': [{ value: '100%' }], '12m': [{ value: '100%' }], '17m30s': [] },
    },
    {
      name: 'does not fire at one checkout per minute when every third fails',
      series: { [completed]: '0+0.1667x240', [unavailable]: increments(6, 36) },
      firingAt: { '7m': [], '15m': [], '18m': [] },
    },
    {
      name: 'does not fire for refusals',
      series: { [completed]: '0+1x36', [refused]: '0+20x36', [failed]: '0x36' },
      firingAt: { '2m': [] },
    },
    {
      name: 'does not fire for two failures without other checkouts',
      series: { [completed]: '0x48', [failed]: '0x24 1x4 2x20' },
      firingAt: { '2m10s': [], '2m30s': [], '3m': [] },
    },
    {
      name: 'does not fire for three failures in a hundred',
      series: { [completed]: '0+9x48', [failed]: '0x24 1x4 2x4 3x16' },
      firingAt: { '2m50s': [], '3m': [] },
    },
  ],
  LowConversion: [
    {
      name: 'fires when one cart in ten is paid for, and resolves when more are',
      series: { [opened]: '0+1x120 120+1x120', [completed]: '0+0.1x120 12+1x120' },
      firingAt: { '8m': [{ value: '10%' }], '16m': [] },
    },
    {
      name: 'waits five minutes, because new carts are not paid for yet',
      series: { [opened]: '0+5x60', [completed]: '0x60' },
      firingAt: { '3m': [] },
    },
    {
      name: 'does not fire with a dozen carts',
      series: { [opened]: '0+1x12 12x120', [completed]: '0x132' },
      firingAt: { '8m': [] },
    },
    {
      name: 'does not fire when half of the carts are paid for',
      series: { [opened]: '0+2x120', [completed]: '0+1x120' },
      firingAt: { '8m': [] },
    },
  ],
  OutOfStockSoon: [
    {
      name: 'fires for the product that will be sold out within an hour, and resolves after a restock',
      series: { [stock('laptop-pro')]: '25-0.05x240 113x60', [stock('webcam-hd')]: '25x300' },
      firingAt: {
        '18m': [laptopLeft('14')],
        '21m': [],
      },
    },
    {
      name: 'does not fire for one sale, not even just after the start',
      series: { [stock('laptop-pro')]: '25x6 24x240' },
      firingAt: { '2m': [], '5m': [], '17m': [] },
    },
    {
      name: 'does not fire for two sales of a low stock',
      series: { [stock('laptop-pro')]: '3x120 2x60 1x60' },
      firingAt: { '15m30s': [], '17m': [], '20m': [] },
    },
    {
      name: 'resolves when it is sold out, though a stopped instance last reported more',
      series: { [stock('laptop-pro', 'a')]: '25-0.1x220', [stock('laptop-pro', 'b')]: '_x221 0x60' },
      firingAt: { '18m': [laptopLeft('3')], '18m45s': [] },
    },
    {
      name: 'fires across a restart of the service',
      series: { [stock('laptop-pro', 'a')]: '25-0.05x200', [stock('laptop-pro', 'b')]: '_x200 15-0.05x80' },
      firingAt: { '18m': [laptopLeft('14')] },
    },
    {
      name: 'does not fire for a sold-out product',
      series: { [stock('laptop-pro')]: '30-0.1x200 0x60' },
      firingAt: { '16m30s': [laptopLeft('10')], '17m': [] },
    },
  ],
}

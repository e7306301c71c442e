import type { AlertCase } from './case'

const failed = 'orders_checkout_failed_total{service_name="order-service",reason="internal"}'
const unavailable = 'orders_checkout_failed_total{service_name="frontend",reason="unavailable"}'
const completed = 'orders_checkout_completed_total{service_name="order-service"}'
const refused = 'orders_checkout_refused_total{service_name="order-service",reason="out_of_stock"}'
const opened = 'orders_created_total{service_name="order-service"}'
const stock = (slug: string, instance = 'a') =>
  `product_stock{service_name="product-service",service_instance_id="${instance}",product_slug="${slug}"}`
const laptopLeft = (value: string) => ({ service_name: 'product-service', product_slug: 'laptop-pro', value })

// Counts up by one so often, as many samples apart.
const minutes = (times: number, samples: number) =>
  Array.from({ length: times }, (_, count) => `${count}x${samples - 1}`)
    .concat(`${times}x60`)
    .join(' ')

export const shopCases: Record<string, AlertCase[]> = {
  CheckoutFailures: [
    {
      name: 'fires when half of them fail, whoever counts it, and is over a minute after',
      series: { [completed]: '0+2x72', [failed]: '0+1x36 36x36', [unavailable]: '0+1x36 36x36' },
      firingAt: { '2m': [{ value: '50 %' }], '4m30s': [] },
    },
    {
      name: 'fires when all of them fail and none was ever completed',
      series: { [unavailable]: '0x6 0+1x36' },
      firingAt: { '30s': [], '1m30s': [{ value: '100 %' }] },
    },
    {
      name: 'fires where one is made a minute and all fail, and is over five minutes after the last',
      series: { [completed]: '0+0x240', [unavailable]: minutes(12, 12) },
      firingAt: { '3m': [], '7m': [{ value: '100 %' }], '12m': [{ value: '100 %' }], '17m30s': [] },
    },
    {
      name: 'is silent where one is made a minute and every third fails',
      series: { [completed]: '0+0.1667x240', [unavailable]: minutes(6, 36) },
      firingAt: { '7m': [], '15m': [], '18m': [] },
    },
    {
      name: 'is silent for refusals, however many',
      series: { [completed]: '0+1x36', [refused]: '0+20x36', [failed]: '0x36' },
      firingAt: { '2m': [] },
    },
    {
      name: 'is silent for two failures, though nothing else was bought',
      series: { [completed]: '0x48', [failed]: '0x24 1x4 2x20' },
      firingAt: { '2m10s': [], '2m30s': [], '3m': [] },
    },
    {
      name: 'is silent for three failures among a hundred',
      series: { [completed]: '0+9x48', [failed]: '0x24 1x4 2x4 3x16' },
      firingAt: { '2m50s': [], '3m': [] },
    },
  ],
  LowConversion: [
    {
      name: 'fires when one cart of ten is paid for, and is over when more are',
      series: { [opened]: '0+1x120 120+1x120', [completed]: '0+0.1x120 12+1x120' },
      firingAt: { '8m': [{ value: '10 %' }], '16m': [] },
    },
    {
      name: 'waits five minutes: who has just filled a cart has not paid yet',
      series: { [opened]: '0+5x60', [completed]: '0x60' },
      firingAt: { '3m': [] },
    },
    {
      name: 'is silent about a dozen carts',
      series: { [opened]: '0+1x12 12x120', [completed]: '0x132' },
      firingAt: { '8m': [] },
    },
    {
      name: 'is silent when half of the carts are paid for',
      series: { [opened]: '0+2x120', [completed]: '0+1x120' },
      firingAt: { '8m': [] },
    },
  ],
  OutOfStockSoon: [
    {
      name: 'fires for the article that will be gone within the hour, and is over when there is more of it',
      series: { [stock('laptop-pro')]: '25-0.05x240 113x60', [stock('webcam-hd')]: '25x300' },
      firingAt: {
        '18m': [laptopLeft('14')],
        '21m': [],
      },
    },
    {
      name: 'is silent for one sale, also just after the start',
      series: { [stock('laptop-pro')]: '25x6 24x240' },
      firingAt: { '2m': [], '5m': [], '17m': [] },
    },
    {
      name: 'is silent for two sales, though little is left',
      series: { [stock('laptop-pro')]: '3x120 2x60 1x60' },
      firingAt: { '15m30s': [], '17m': [], '20m': [] },
    },
    {
      name: 'is over when it sold out, whatever a dead instance last said',
      series: { [stock('laptop-pro', 'a')]: '25-0.1x220', [stock('laptop-pro', 'b')]: '_x221 0x60' },
      firingAt: { '18m': [laptopLeft('3')], '18m45s': [] },
    },
    {
      name: 'fires though the service was started anew, with what its past instance saw',
      series: { [stock('laptop-pro', 'a')]: '25-0.05x200', [stock('laptop-pro', 'b')]: '_x200 15-0.05x80' },
      firingAt: { '18m': [laptopLeft('14')] },
    },
    {
      name: 'is silent about what is gone already',
      series: { [stock('laptop-pro')]: '30-0.1x200 0x60' },
      firingAt: { '16m30s': [laptopLeft('10')], '17m': [] },
    },
  ],
}

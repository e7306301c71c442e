import { scenario } from '../contract'

export default scenario({
  name: 'checkout-discarded',
  title: 'paying leads back to the cart, without an error or an order: only the conversion rate drops',
  // A shopper who could not pay keeps the open cart. Only new shoppers open carts, which conversion is measured by.
  prepare: ({ load }) => load.addShoppers(130),
  inject({ setFault, load }) {
    load.setRates({ ordersPerS: 1.6 })
    setFault('checkout-discard', { value: 1, service: 'frontend' })
  },
  alerts: [
    {
      name: 'LowConversion',
      firingWithinS: 120,
      resolvedWithinS: 120,
      requiresShrink: true,
      cause: { service_name: 'frontend', reason: 'price_changed' },
    },
  ],
  span: { service: 'frontend', tags: { 'process.status': 'price_changed' } },
  log: '{service_name="frontend"} | event_name="checkout.refused"',
  shoppersUnaffected: true,
})

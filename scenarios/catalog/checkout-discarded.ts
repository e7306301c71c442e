import { t } from '../../src/typography'
import { scenario } from '../contract'

export default scenario({
  name: 'checkout-discarded',
  title: t`payer ramène au panier, sans erreur ni commande : seule la conversion baisse`,
  // Whoever could not pay keeps the open cart: only those who come anew open one.
  prepare: ({ load }) => load.invite(130),
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

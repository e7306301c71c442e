import { t } from '../../src/typography'
import { type Alert, all } from './alert'
import { label, value } from './texts'

const failed = 'sum(increase(orders_checkout_failed_total[1m]))'
// What does not exist yet is none.
const completed = (window: string) => `(sum(increase(orders_checkout_completed_total[${window}])) or vector(0))`
const opened = 'sum(increase(orders_created_total[30m]))'

export const shopAlerts: Alert[] = [
  {
    name: 'CheckoutFailures',
    severity: 'critical',
    perService: false,
    // Refusals (sold out, price changed) are the shop's normal business: neither failed nor completed.
    expr: all(`${failed} / (${failed} + ${completed('1m')}) > 0.05`, `${failed} >= 3`),
    for: '5s',
    summary: t`Des commandes échouent`,
    description: t`${value.percent} des paiements de la dernière minute ont échoué, refus non compris.`,
  },
  {
    name: 'LowConversion',
    severity: 'warning',
    perService: false,
    expr: all(`${completed('30m')} / ${opened} < 0.2`, `${opened} >= 20`),
    // In the first minutes many have filled a cart and nobody has had the time to pay.
    for: '5m',
    summary: t`Moins d'un panier sur cinq devient une commande`,
    description: t`${value.percent} des paniers ouverts en 30 minutes ont été payés.`,
  },
  {
    name: 'OutOfStockSoon',
    severity: 'info',
    perService: true,
    // The value is what is left. Of a quarter of an hour at least: one sale just after the start is no trend.
    expr: [
      'min by (service_name, product_slug) (',
      '  product_stock > 0',
      '  and predict_linear(product_stock[30m], 3600) <= 0',
      '  and product_stock offset 15m',
      ')',
    ].join('\n'),
    for: '1m',
    summary: t`${label('product_slug')} : bientôt épuisé`,
    description: t`Il en reste ${value.whole} ; au rythme actuel, plus un seul d'ici une heure.`,
  },
]

import { t } from '../../src/typography'
import { minStockMetric } from '../slo'
import { type Alert, and, or } from './alert'
import { label, value } from './placeholders'

const failed = (window: string) => `sum(increase(orders_checkout_failed_total[${window}]))`
// What does not exist yet is none.
const completed = (window: string) => `(sum(increase(orders_checkout_completed_total[${window}])) or vector(0))`
const failedShare = (window: string) => `${failed(window)} / (${failed(window)} + ${completed(window)})`
const opened = 'sum(increase(orders_created_total[30m]))'

export const shopAlerts: Alert[] = [
  {
    name: 'CheckoutFailures',
    severity: 'critical',
    perService: false,
    // Refusals (sold out, price changed) are the shop's normal business: neither failed nor completed.
    // Where few are made, three in a minute never come: half of a quarter of an hour's are enough, while they go on.
    expr: or(
      and(`${failedShare('1m')} > 0.05`, `${failed('1m')} >= 3`),
      and(`${failedShare('15m')} > 0.5`, `${failed('15m')} + ${completed('15m')} >= 5`, `${failed('5m')} > 0`),
    ),
    for: '5s',
    summary: t`Des commandes échouent`,
    description: t`${value.percent} des derniers paiements ont échoué, refus non compris.`,
  },
  {
    name: 'LowConversion',
    severity: 'warning',
    perService: false,
    expr: and(`${completed('30m')} / ${opened} < 0.2`, `${opened} >= 20`),
    // In the first minutes many have filled a cart and nobody has had the time to pay.
    for: '5m',
    summary: t`Moins d'un panier sur cinq devient une commande`,
    description: t`${value.percent} des paniers ouverts en 30 minutes ont été payés.`,
  },
  {
    name: 'OutOfStockSoon',
    severity: 'info',
    perService: true,
    // The value is what is left. Three sales within a quarter of an hour at least: one is no trend. `resets` counts how often
    // it became less.
    expr: and(
      `${minStockMetric} > 0`,
      `predict_linear(${minStockMetric}[30m], 3600) <= 0`,
      `resets(${minStockMetric}[30m]) >= 3`,
      `${minStockMetric} offset 15m`,
    ),
    for: '1m',
    summary: t`${label('product_slug')} : bientôt épuisé`,
    description: t`Il en reste ${value.whole} ; au rythme actuel, plus un seul d'ici une heure.`,
  },
]

import { t } from '../../src/typography'
import { promql, promqlInstant } from './data-sources'
import { barGauge, timeSeries } from './panels'
import { currentGauge, rate, totalInRange } from './promql'

export const refusalAndFailurePanels = () => [
  businessTimeSeries({
    title: t`Paiements refusés par raison`,
    description: t`Refus par minute : la vie normale d'une boutique. Beaucoup de out_of_stock : il manque du stock.`,
    unit: t`suffix: par min`,
    width: 8,
    queries: [promql(`60 * ${rate('orders_checkout_refused_total', '', 'reason')}`, '{{reason}}')],
  }),
  businessTimeSeries({
    title: t`Paiements en échec par raison`,
    description: t`Échecs par minute : ce qui ne devrait pas arriver. L'alerte CheckoutFailures sonne au-delà de 5 %.`,
    unit: t`suffix: par min`,
    width: 8,
    queries: [
      promql(`60 * ${rate('orders_checkout_failed_total', '', 'service_name, reason')}`, '{{service_name}} {{reason}}'),
    ],
  }),
  businessTimeSeries({
    title: t`Connexions par résultat`,
    description: t`Tentatives de connexion par minute. Beaucoup de bad_credentials : quelqu'un devine.`,
    unit: t`suffix: par min`,
    width: 8,
    queries: [promql(`60 * ${rate('users_logins_total', '', 'result')}`, '{{result}}')],
  }),
]

export const productPanels = () => [
  barGauge({
    title: t`Produits les plus demandés`,
    description: t`Pièces mises dans un panier pendant la période affichée.`,
    unit: 'short',
    decimals: 0,
    width: 12,
    height: 10,
    queries: [
      promqlInstant(`sort_desc(${totalInRange('cart_items_added_total', '', 'product_slug')})`, '{{product_slug}}'),
    ],
  }),
  barGauge({
    title: t`Stock`,
    description: t`Pièces qui peuvent encore être vendues. L'alerte OutOfStockSoon prédit l'heure qui vient.`,
    unit: 'short',
    decimals: 0,
    width: 12,
    height: 10,
    queries: [promqlInstant(`sort(min by (product_slug) (${currentGauge('product_stock')}))`, '{{product_slug}}')],
  }),
]

/** Business is counted in minutes: a shorter step would draw needles. */
export const businessTimeSeries = (spec: Parameters<typeof timeSeries>[0]) => timeSeries(spec).interval('30s')

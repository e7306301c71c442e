import { t } from '../../src/typography'
import { buildDashboard } from './build-dashboard'
import { businessTimeSeries, productPanels, refusalAndFailurePanels } from './business-panels'
import { promql, promqlInstant } from './data-sources'
import { stat, timeSeries } from './panels'
import { orZero, quantile, rate, requestDurationMetric, totalInRange } from './promql'

const completed = 'orders_checkout_completed_total'
const created = 'orders_created_total'
const basket = 'orders_basket_value_EUR'
/**
 * Over the window of the alert LowConversion: a cart takes minutes to become an order. Without carts there is none, not 0 %;
 * and those of before the window may be paid for within it.
 */
const conversion = `clamp_max((sum(increase(${completed}[30m])) or vector(0)) / (sum(increase(${created}[30m])) > 0), 1)`

/** What the shop lives on, beside what may explain it. */
export const business = () =>
  buildDashboard({
    name: 'business',
    title: t`Activité de la boutique`,
    description: t`Commandes, conversion, panier moyen, produits, et ce qui empêche de payer.`,
    sections: [
      { title: t`Sur la période affichée`, panels: period() },
      { title: t`Commandes`, panels: orders() },
      { title: t`Ce qui empêche de payer`, panels: refusalAndFailurePanels() },
      { title: t`Produits`, panels: productPanels() },
    ],
  })

const period = () => [
  stat({
    title: t`Commandes`,
    description: t`Commandes confirmées pendant la période affichée.`,
    unit: 'short',
    decimals: 0,
    width: 6,
    queries: [promqlInstant(orZero(totalInRange(completed)), t`commandes`)],
  }),
  stat({
    title: t`Chiffre d'affaires`,
    description: t`Valeur des commandes confirmées pendant la période affichée.`,
    unit: 'currencyEUR',
    decimals: 2,
    width: 6,
    queries: [promqlInstant(orZero(totalInRange(`${basket}_sum`)), t`euros`)],
  }),
  stat({
    title: t`Panier moyen`,
    description: t`Valeur moyenne d'une commande confirmée pendant la période affichée.`,
    unit: 'currencyEUR',
    decimals: 2,
    width: 6,
    queries: [
      promqlInstant(orZero(`${totalInRange(`${basket}_sum`)} / (${totalInRange(`${basket}_count`)} > 0)`), t`euros`),
    ],
  }),
  stat({
    title: t`Conversion`,
    description: t`Commandes confirmées pour un panier ouvert, sur 30 minutes. L'alerte LowConversion sonne au-dessous de 20 %.`,
    unit: 'percentunit',
    width: 6,
    emptyWhile: t`personne n'ouvre de panier`,
    queries: [promqlInstant(conversion, t`conversion`)],
  }),
]

const orders = () => [
  businessTimeSeries({
    title: t`Commandes par minute`,
    description: t`Paniers ouverts et commandes confirmées par minute.`,
    unit: t`suffix: par min`,
    width: 12,
    queries: [
      promql(orZero(`60 * ${rate(created, '')}`), t`paniers ouverts`),
      promql(orZero(`60 * ${rate(completed, '')}`), t`commandes confirmées`),
    ],
  }),
  businessTimeSeries({
    title: t`Chiffre d'affaires par minute`,
    description: t`Valeur des commandes confirmées, par minute.`,
    unit: 'currencyEUR',
    width: 12,
    queries: [promql(orZero(`60 * ${rate(`${basket}_sum`, '')}`), t`euros par minute`)],
  }),
  timeSeries({
    title: t`Conversion et durée du paiement`,
    description: t`La conversion sur 30 minutes (à gauche) à côté du 95e centile de la page qui paie (à droite) : un paiement lent se paie.`,
    unit: 'percentunit',
    width: 24,
    emptyWhile: t`personne n'ouvre de panier ni ne paie`,
    queries: [
      promql(conversion, t`conversion`),
      promql(
        quantile(0.95, requestDurationMetric, 'service_name="frontend", http_route="/checkout/process"'),
        t`95e centile du paiement`,
      ),
    ],
  }).overrideByQuery('B', [
    { id: 'unit', value: 's' },
    { id: 'custom.axisPlacement', value: 'right' },
  ]),
]

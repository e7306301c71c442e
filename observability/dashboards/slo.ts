import { t } from '../../src/typography'
import { badRatioMetric, type Objective, objectives, type RecordedWindow, storefront } from '../slo'
import { buildDashboard } from './build-dashboard'
import { promql, promqlInstant } from './data-sources'
import { stat, timeSeries } from './panels'
import { selectedServices } from './promql'
import { serviceVariable } from './variables'

/** Windows of the burn-rate alerts' long halves, and the short one that shows that it is over. */
const burnWindows: RecordedWindow[] = ['5m', '1h', '6h', '1d', '3d']

const titles = {
  availability: t`Disponibilité du site : requêtes qui ne finissent pas en 5xx`,
  latency: t`Rapidité : requêtes de moins de 300 ms`,
  errors: t`Erreurs : requêtes sans 5xx`,
}

/** How much of what the shop promises is left, and how fast it goes. */
export const slo = () =>
  buildDashboard({
    name: 'slo',
    title: t`Objectifs de service`,
    description: t`Budget d'erreur restant sur 7 et 30 jours, et vitesse à laquelle il se consomme. Un budget est ce que l'objectif laisse échouer.`,
    variables: [serviceVariable()],
    sections: Object.values(objectives).map((objective) => ({
      title: t`${titles[objective.sli]}, objectif ${percent(objective.target)} %`,
      panels: panelsOf(objective),
    })),
  })

const panelsOf = (objective: Objective) => [
  budget(objective, '30d', t`30 jours`),
  budget(objective, '7d', t`7 jours`),
  timeSeries({
    title: t`Vitesse de consommation`,
    description: t`1 : le budget de 30 jours dure 30 jours. Les alertes sonnent à 14,4 sur 1 h, 6 sur 6 h, 3 sur 1 jour, 1 sur 3 jours, si la fenêtre courte le confirme.`,
    unit: 'suffix:×',
    width: 12,
    steps: [
      [1, 'yellow'],
      [6, 'orange'],
      [14.4, 'red'],
    ],
    queries: burnWindows.map((window) =>
      promql(`${bad(objective, window)} / ${allowed(objective)}`, t`{{service_name}} ${window}`),
    ),
  }),
]

const budget = (objective: Objective, window: RecordedWindow, name: string) =>
  stat({
    title: t`Budget restant, ${name}`,
    description: t`100 % : rien n'a échoué depuis ${name}. 0 % : l'objectif est juste tenu. Au-dessous, il est manqué.`,
    unit: 'percentunit',
    width: 6,
    height: 8,
    steps: [
      [-1e6, 'red'],
      [0, 'orange'],
      [0.25, 'green'],
    ],
    queries: [promqlInstant(`1 - ${bad(objective, window)} / ${allowed(objective)}`, '{{service_name}}')],
  })

const bad = ({ sli, scope }: Objective, window: RecordedWindow): string =>
  `${badRatioMetric(sli, window)}{${scope === 'storefront' ? `service_name="${storefront}"` : selectedServices}}`

/** The share that may be bad, without the noise of binary fractions. */
const allowed = ({ target }: Objective): number => Number((1 - target).toFixed(6))

const percent = (share: number): string => (100 * share).toLocaleString('fr-FR', { maximumFractionDigits: 2 })

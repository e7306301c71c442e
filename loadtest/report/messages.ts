import { t } from '../../src/typography'
import type { ShapeName } from '../shapes'

export const shapeQuestions: Record<ShapeName, string> = {
  smoke: t`Est-ce que tout marche ?`,
  average: t`Les promesses sont-elles tenues un jour comme les autres ?`,
  stress: t`Et s'il vient trois fois plus de monde ?`,
  spike: t`Et si tout le monde vient en même temps ?`,
  soak: t`Est-ce que quelque chose fuit ou se remplit avec le temps ?`,
  breakpoint: t`À partir de combien est-ce trop ?`,
}

export const stepLabels: Record<string, string> = {
  home: t`Accueil`,
  products: t`Produits`,
  product: t`Fiche produit`,
  add_to_cart: t`Ajout au panier`,
  cart: t`Panier`,
  change_quantity: t`Changement de quantité`,
  pay: t`Paiement`,
  thank_you: t`Remerciement`,
  orders: t`Commandes`,
  order: t`Une commande`,
  register_form: t`Formulaire d'inscription`,
  register: t`Inscription`,
  login_form: t`Formulaire de connexion`,
  login: t`Connexion`,
  logout: t`Déconnexion`,
  mistake: t`Saisie fausse`,
  set_up: t`Préparation`,
}

const number = new Intl.NumberFormat('fr-FR', { maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 0 })
const share = new Intl.NumberFormat('fr-FR', { style: 'percent', maximumFractionDigits: 2 })

/** Three digits of what is small, all of what is large. */
export const formatNumber = (value: number): string => (value < 1000 ? number : whole).format(value)
export const formatPercent = (value: number): string => share.format(value)
export const formatMs = (value: number): string => `${formatNumber(value)}\u00a0ms`

/** What a metric of a threshold was, in its unit. */
export function formatMetricValue(metric: string, value: number): string {
  if (metric.startsWith('http_req_duration')) return formatMs(value)
  return /^(checks|journeys|http_req_failed)/.test(metric) ? formatPercent(value) : formatNumber(value)
}

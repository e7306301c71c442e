import { french as t } from '../typography'

export const catalog = {
  title: 'Boutique Tech',
  intro: t`Des objets bien choisis, prêts à partir.`,
  empty: t`Le catalogue est vide pour le moment. Revenez bientôt !`,
  more: t`Voir la suite`,
  inStock: 'En stock',
  fewLeft: (count: number) => t`Plus que ${count}`,
  soldOut: 'Épuisé',
  soldOutAdvice: t`Cet article reviendra bientôt. En attendant, le reste de la boutique vous attend.`,
  quantity: 'Quantité',
  add: 'Ajouter au panier',
}

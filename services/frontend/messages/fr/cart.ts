import { maxQuantity } from '../../../limits'
import { french as t } from '../typography'
import { formats } from './formats'

const { formatPrice, formatList } = formats

export const cart = {
  title: 'Récapitulatif de la commande',
  pageTitle: 'Panier',
  image: 'Image',
  product: 'Produit',
  price: 'Prix',
  quantity: 'Quantité',
  total: 'Total',
  action: 'Action',
  grandTotal: 'Total de la commande',
  quantityOf: (name: string) => t`Quantité de ${name}`,
  update: 'Mettre à jour',
  remove: 'Retirer',
  removeOne: (name: string) => t`Retirer ${name} du panier`,
  pay: 'Confirmer et payer',
  payAdvice: t`Vitrine est une démonstration : rien ne sera débité.`,
  empty: 'Votre panier est vide',
  emptyAdvice: t`Ajoutez un article : il vous attendra ici.`,
  alreadyOrdered: t`Votre panier est vide : peut-être avez-vous déjà passé cette commande. Voyez vos commandes.`,
  goShopping: 'Découvrir les produits',
  keepShopping: 'Continuer mes achats',
  wrongQuantity: t`La quantité doit être un nombre entier de 1 à ${maxQuantity}.`,
  quantityLimit: t`Un panier accepte au plus ${maxQuantity} pièces d'un même article.`,
  full: t`Votre panier est plein : passez la commande, puis commencez-en un autre.`,
  onlyLeft: (stock: number) =>
    stock > 0 ? t`Il ne reste que ${stock} de cet article, panier compris.` : t`Cet article est épuisé.`,
  notInCart: t`Cet article n'est plus dans votre panier.`,
  unavailable: t`La modification n'a pas pu être enregistrée. Réessayez dans un instant.`,
  priceChanged: (totalCents?: number) =>
    totalCents === undefined
      ? t`Votre panier a changé entre-temps. Vérifiez-le avant de payer.`
      : t`Le total a changé entre-temps : il est maintenant de ${formatPrice(totalCents)}. Vérifiez votre commande avant de payer.`,
  outOfStock: (names: string[]) =>
    names.length > 0
      ? t`Stock insuffisant : ${formatList(names)}. Réduisez la quantité ou retirez l'article, puis confirmez de nouveau.`
      : t`Stock insuffisant pour un des articles. Réduisez les quantités, puis confirmez de nouveau.`,
  retry: {
    title: t`Votre commande n'a pas encore pu être confirmée`,
    advice: t`Un de nos services ne répond pas pour le moment. Vous pouvez réessayer sans risque : la même commande ne sera jamais passée ni payée deux fois.`,
  },
}

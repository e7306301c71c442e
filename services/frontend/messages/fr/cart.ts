import { maxQuantity } from '../../../limits'
import { french as t } from '../typography'
import { formats } from './formats'

const { formatCount, formatPrice, formatList } = formats
const pieces = (count: number) => formatCount(count, { one: 'exemplaire', other: 'exemplaires' })

export const cart = {
  title: 'Récapitulatif de la commande',
  pageTitle: 'Panier',
  guestTitle: 'Votre panier',
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
  onlyLeft: (stock: number, inCart = 0) => {
    if (stock <= 0) return t`Cet article est épuisé.`
    if (inCart > 0) return t`Il ne reste que ${pieces(stock)} de cet article, et votre panier en contient ${inCart}.`
    return t`Il ne reste que ${pieces(stock)} de cet article.`
  },
  left: (stock: number) => (stock > 0 ? t`Plus que ${stock} en stock` : 'Épuisé'),
  shortage: (names: string[]) =>
    t`Stock insuffisant : ${formatList(names)}. Réduisez la quantité ou retirez l'article avant de payer.`,
  guestAdvice: t`Connectez-vous pour payer : votre panier vous suit.`,
  signInToPay: 'Se connecter pour payer',
  notTaken: (names: string[]) =>
    t`Votre panier n'a pas pu tout reprendre : ${formatList(names)}. Vérifiez les quantités.`,
  noLongerSold: t`un article qui n'est plus vendu`,
  withdrawn: t`Un article de votre panier n'est plus vendu : il a été retiré.`,
  addRetry: {
    title: t`L'ajout n'a pas pu être confirmé`,
    advice: t`Un de nos services ne répond pas pour le moment. Vous pouvez réessayer sans risque : l'article ne sera pas ajouté deux fois.`,
  },
  notInCart: t`Cet article n'est plus dans votre panier.`,
  unavailable: t`La modification n'a pas pu être enregistrée. Réessayez dans un instant.`,
  cartChanged: t`Cette page montrait un autre panier : rien n'a été payé. Voici le vôtre.`,
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

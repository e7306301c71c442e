import { french as t } from '../typography'
import { formats } from './formats'

const { formatCount } = formats

/** The texts around every page. */
export const shell = {
  brand: 'Vitrine',
  slogan: t`La boutique où l'on voit à travers.`,
  skip: 'Aller au contenu',
  articles: (count: number) => formatCount(count, { one: 'article', other: 'articles' }),
  tryAgain: t`Réessayer`,

  badge: {
    took: (ms: number) => `${ms}\u00a0ms`,
    queries: (count: number) => formatCount(count, { one: 'requête SQL', other: 'requêtes SQL' }),
    trace: 'trace',
  },

  languages: {
    label: 'Langue',
    fr: 'Français',
    en: 'English',
  },

  navigation: {
    label: 'Navigation principale',
    home: 'Accueil',
    products: 'Produits',
    login: 'Connexion',
    register: 'Inscription',
    orders: 'Commandes',
    logout: 'Déconnexion',
    cart: 'Panier',
    breadcrumb: t`Fil d'Ariane`,
  },

  flash: {
    welcome: (name: string) => t`Bienvenue, ${name}`,
    added: 'Ajouté au panier',
    cartUpdated: 'Panier mis à jour',
    removed: 'Produit retiré du panier',
    registered: t`Merci pour votre inscription, veuillez vous connecter`,
    pleaseSignIn: 'Veuillez vous connecter',
    goodbye: t`À bientôt !`,
    seeCart: 'Voir le panier',
  },

  problem: {
    quote: t`Si cela persiste, écrivez-nous en citant ce numéro :`,
    home: t`Retour à l'accueil`,
    again: t`Réessayer`,
    status: (status: number) => t`Erreur ${status}`,
  },
}

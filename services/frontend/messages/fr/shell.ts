import { noBreak, french as t } from '../typography'
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
    took: (ms: number) => `${ms}${noBreak}ms`,
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
    menu: 'Menu',
    home: 'Accueil',
    products: 'Produits',
    login: 'Connexion',
    register: 'Inscription',
    orders: 'Commandes',
    administration: 'Administration',
    account: (name: string) => t`Mon compte : ${name}`,
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
    cookiesRefused: t`Votre navigateur refuse les cookies : sans eux, la boutique ne peut retenir ni votre connexion ni votre panier. Autorisez-les pour ce site, puis recommencez.`,
  },

  problem: {
    quote: t`Si cela persiste, écrivez-nous en citant ce numéro :`,
    home: t`Retour à l'accueil`,
    again: t`Réessayer`,
    status: (status: number) => t`Erreur ${status}`,
  },
}

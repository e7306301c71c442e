import { maxQuantity } from '../../limits'
import { formatPrice } from './format'
import { noBreak, plural, t } from './typography'

const articles = (count: number) => plural(count, 'article', 'articles')

/** The message catalog of the storefront, in French. */
export const fr = {
  brand: 'Vitrine',
  slogan: t`La boutique où l'on voit à travers.`,
  skip: 'Aller au contenu',
  articles,
  tryAgain: t`Réessayer`,

  badge: {
    took: (ms: number) => `${ms}${noBreak}ms`,
    queries: (count: number) => plural(count, 'requête SQL', 'requêtes SQL'),
    trace: 'trace',
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
    cartUpdated: 'Commande mise à jour',
    removed: 'Produit retiré du panier',
    registered: t`Merci pour votre inscription, veuillez vous connecter`,
    pleaseSignIn: 'Veuillez vous connecter',
    goodbye: t`À bientôt !`,
    seeCart: 'Voir le panier',
  },

  catalog: {
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
  },

  cart: {
    title: 'Récapitulatif de la commande',
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
        ? t`Stock insuffisant : ${names.join(', ')}. Réduisez la quantité ou retirez l'article, puis confirmez de nouveau.`
        : t`Stock insuffisant pour un des articles. Réduisez les quantités, puis confirmez de nouveau.`,
    retry: {
      title: t`Votre commande n'a pas encore pu être confirmée`,
      advice: t`Un de nos services ne répond pas pour le moment. Vous pouvez réessayer sans risque : la même commande ne sera jamais passée ni payée deux fois.`,
    },
  },

  orders: {
    title: 'Mes commandes',
    thanks: t`Merci pour votre commande !`,
    thanksAdvice: t`Elle est confirmée, et nous la préparons déjà.`,
    pendingAdvice: t`Elle est enregistrée ; sa confirmation arrive dans un instant.`,
    number: 'Numéro de commande',
    numbered: (number: string) => t`Commande ${number}`,
    date: 'Date',
    status: 'État',
    statuses: { pending: 'En cours', confirmed: 'Confirmée', cancelled: 'Annulée' },
    seeAll: 'Voir mes commandes',
    older: 'Commandes plus anciennes',
    empty: t`Vous n'avez pas encore passé de commande.`,
  },

  account: {
    registerTitle: 'Créer un compte',
    registerIntro: t`Une minute, et votre panier vous suit partout.`,
    register: t`S'inscrire`,
    loginTitle: 'Se connecter',
    loginIntro: t`Heureux de vous revoir.`,
    login: 'Se connecter',
    noAccount: t`Pas encore de compte ?`,
    haveAccount: t`Déjà inscrit ?`,
    cannotSignIn: 'Impossible de se connecter',
    cannotRegister: t`L'inscription n'a pas abouti`,
    badCredentials: t`Le nom d'utilisateur ou le mot de passe est incorrect.`,
    tooMany: t`Trop d'essais. Patientez quelques minutes avant de recommencer.`,
    unavailable: t`Le service des comptes ne répond pas pour le moment. Réessayez dans un instant.`,
    checkFields: t`Corrigez les champs signalés.`,
    fields: {
      username: t`Nom d'utilisateur`,
      email: 'Adresse e-mail',
      password: 'Mot de passe',
      first_name: 'Prénom',
      last_name: 'Nom',
    },
    hints: {
      username: t`De 3 à 32 caractères : lettres, chiffres, point, tiret.`,
      password: t`8 caractères au moins.`,
    },
    wrong: {
      username: t`Choisissez de 3 à 32 lettres, chiffres, points, tirets ou tirets bas.`,
      email: t`Indiquez une adresse e-mail valide, par exemple camille@exemple.fr.`,
      password: t`Choisissez de 8 à 128 caractères.`,
      first_name: t`Indiquez votre prénom (100 caractères au plus).`,
      last_name: t`Indiquez votre nom (100 caractères au plus).`,
    },
    usernameTaken: t`Ce nom d'utilisateur est déjà pris.`,
    emailTaken: t`Cette adresse e-mail a déjà un compte.`,
    missing: {
      username: t`Indiquez votre nom d'utilisateur.`,
      password: t`Indiquez votre mot de passe.`,
    },
  },

  problem: {
    quote: t`Si cela persiste, écrivez-nous en citant ce numéro :`,
    home: t`Retour à l'accueil`,
    again: t`Réessayer`,
  },
} as const

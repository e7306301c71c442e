import { french as t } from '../typography'
import { formats } from './formats'

const { formatWait } = formats

/** The texts of problem pages. */
export const problems = {
  tooMany: (seconds: number) => ({
    title: t`Trop de demandes`,
    advice: t`Vous allez plus vite que la boutique. Patientez ${formatWait(seconds)}, puis recommencez.`,
  }),
  byCode: {
    CATALOG_UNAVAILABLE: {
      title: t`Le catalogue est momentanément indisponible`,
      advice: t`Nos rayons ne répondent pas pour le moment. Votre panier et vos commandes, eux, sont en sûreté : réessayez dans quelques instants.`,
    },
    BODY_TIMEOUT: {
      title: t`Envoi trop lent`,
      advice: t`Votre demande n'est pas arrivée en entier. Vérifiez votre connexion, puis recommencez.`,
    },
    TOO_MANY_CONCURRENT_REQUESTS: {
      title: t`Trop de demandes à la fois`,
      advice: t`Beaucoup de demandes nous arrivent de votre connexion en même temps. Réessayez dans un instant.`,
    },
    STORAGE_FULL: {
      title: t`Nous ne pouvons rien enregistrer pour le moment`,
      advice: t`Vous pouvez continuer à parcourir la boutique. Rien n'est perdu : réessayez dans quelques instants.`,
    },
    OVERLOADED: {
      title: t`Trop de monde à la fois`,
      advice: t`La boutique est pleine. Votre panier vous attend : réessayez dans quelques instants.`,
    },
    NO_SUCH_PRODUCT: {
      title: t`Cet article n'existe pas`,
      advice: t`Il a peut-être quitté la boutique. Les autres sont par ici.`,
    },
    INVALID_SEARCH: {
      title: t`Cette recherche n'est pas possible`,
      advice: t`Ce tri n'existe pas, la recherche est trop longue, ou le lien est incomplet. Recommencez depuis la page des produits.`,
    },
    NO_SUCH_ORDER: {
      title: t`Cette commande n'existe pas`,
      advice: t`Vérifiez l'adresse, ou retrouvez vos commandes dans le menu.`,
    },
  },
  byStatus: {
    400: {
      title: t`Demande incorrecte`,
      advice: t`Quelque chose manque ou ne va pas dans cette demande. Reprenez depuis la page précédente.`,
    },
    403: {
      title: t`Action refusée`,
      advice: t`Vous n'avez pas accès à cette page, ou le formulaire vient d'un autre site. Rechargez la page et recommencez.`,
    },
    404: { title: t`Page introuvable`, advice: t`Cette adresse ne mène nulle part. Elle a peut-être changé.` },
    405: { title: t`Action impossible ici`, advice: t`Cette adresse existe, mais pas pour ce que vous avez demandé.` },
    408: {
      title: t`Envoi trop lent`,
      advice: t`Votre envoi n'est pas arrivé à temps. Vérifiez votre connexion, puis recommencez.`,
    },
    413: { title: t`Envoi trop volumineux`, advice: t`Raccourcissez ce que vous avez saisi, puis recommencez.` },
    415: { title: t`Format non pris en charge`, advice: t`Nous n'acceptons que les formulaires de cette boutique.` },
    500: {
      title: t`Une erreur est survenue`,
      advice: t`Ce n'est pas de votre fait : nous sommes prévenus. Réessayez dans un instant.`,
    },
    503: {
      title: t`Service momentanément indisponible`,
      advice: t`Une partie de la boutique ne répond pas. Réessayez dans quelques instants.`,
    },
  },
}

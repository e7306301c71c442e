import { french as t } from '../typography'

export const orders = {
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
}

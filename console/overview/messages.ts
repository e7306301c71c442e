import { plural, t } from '../ui/typography'

const fr = {
  what: t`signaux`,
  firing: (count: number) => plural(count, 'alerte en cours', 'alertes en cours'),
  noAlerts: t`Aucune alerte en cours`,
  rate: t`requêtes`,
  errors: 'erreurs',
  silent: (ago: string) => t`silencieux, dernier signe de vie ${ago}`,
  ended: (ago: string) => t`terminé, dernier signe de vie ${ago}`,
  lastError: (ago: string) => t`Dernière erreur ${ago} :`,
  noError: t`Aucune erreur vue`,
  noRequests: t`Aucune requête dans cette période`,
  spark: (service: string) => t`Requêtes de ${service}`,
  fromSpans: t`d'après les spans`,
  perMinute: t`par minute`,
  panels: t`L'activité`,
  services: 'Services',
  slow: t`Routes les plus lentes`,
  recent: t`Dernières erreurs`,
}

const en: typeof fr = {
  what: 'signals',
  firing: (count) => plural(count, 'alert firing', 'alerts firing'),
  noAlerts: 'No alert is firing',
  rate: 'requests',
  errors: 'errors',
  silent: (ago) => `silent, last seen ${ago}`,
  ended: (ago) => `ended, last seen ${ago}`,
  lastError: (ago) => `Last error ${ago}:`,
  noError: 'No error seen',
  noRequests: 'No request in this period',
  spark: (service) => `Requests of ${service}`,
  fromSpans: 'from spans',
  perMinute: 'per minute',
  panels: 'The business',
  services: 'Services',
  slow: 'Slowest routes',
  recent: 'Last errors',
}

export const messages = { fr, en }

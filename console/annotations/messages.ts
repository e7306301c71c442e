import { t } from '../ui/typography'

const fr = {
  title: t`Événements`,
  from: (from: string, until: string, length: string) => t`${from} – ${until} (${length})`,
  since: (from: string) => t`depuis ${from}`,
  ongoing: t`en cours`,
  logs: t`ses lignes`,
  logsOf: (text: string) => t`ses lignes : ${text}`,
}

const en: typeof fr = {
  title: 'Events',
  from: (from, until, length) => `${from} – ${until} (${length})`,
  since: (from) => `since ${from}`,
  ongoing: 'ongoing',
  logs: 'its logs',
  logsOf: (text) => `its logs: ${text}`,
}

export const messages = { fr, en }

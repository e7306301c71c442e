import { t } from '../ui/typography'

const fr = {
  title: t`Événements`,
  from: (from: string, until: string, length: string) => t`${from} – ${until} (${length})`,
  since: (from: string) => t`depuis ${from}`,
  goesOn: t`en cours`,
  lines: t`ses lignes`,
  linesOf: (text: string) => t`ses lignes : ${text}`,
}

const en: typeof fr = {
  title: 'Events',
  from: (from, until, length) => `${from} – ${until} (${length})`,
  since: (from) => `since ${from}`,
  goesOn: 'goes on',
  lines: 'its lines',
  linesOf: (text) => `its lines: ${text}`,
}

export const messages = { fr, en }

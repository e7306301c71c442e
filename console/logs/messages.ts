import { t } from '../ui/typography'

const fr = {
  what: 'journaux',
  minSeverity: 'Gravité',
  andWorse: (level: string) => t`${level} et plus`,
  trace: 'Trace',
  traceHint: 'identifiant',
  search: 'Texte ou attribut',
  searchHint: t`timeout, http.response.status_code=500`,
  ofTrace: 'Les lignes de la trace',
  toSpan: 'trace',
  toSpanLong: t`Le span de cette ligne, dans sa trace`,
  sameTrace: t`Toutes les lignes de cette trace`,
  permalink: t`Lien vers cette ligne`,
  cut: t`Trop long pour être montré en entier.`,
  searched: (time: string) => t`Cherché jusqu'à ${time}, faute de temps pour tout lire.`,
  goOn: t`Chercher plus loin`,
}

const en: typeof fr = {
  what: 'log lines',
  minSeverity: 'Severity',
  andWorse: (level) => `${level} and worse`,
  trace: 'Trace',
  traceHint: 'id',
  search: 'Text or attribute',
  searchHint: 'timeout, http.response.status_code=500',
  ofTrace: 'The lines of the trace',
  toSpan: 'trace',
  toSpanLong: 'The span of this line, in its trace',
  sameTrace: 'All lines of this trace',
  permalink: 'Link to this line',
  cut: 'Too long to be shown in full.',
  searched: (time) => `Searched back to ${time}: there was no time to read all.`,
  goOn: 'Search further back',
}

export const messages = { fr, en }

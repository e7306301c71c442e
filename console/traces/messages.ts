import { plural, t } from '../ui/typography'

const fr = {
  what: 'traces',
  tabs: { all: 'Toutes', errors: 'Erreurs', slow: 'Lentes' },
  minDuration: 'Durée minimale (ms)',
  search: t`Nom ou attribut`,
  searchHint: t`laptop, cart.size=3, db.system.name=sqlite`,
  columns: { start: 'Début', trace: 'Trace', duration: 'Durée', spans: 'Spans', queries: 'SQL', services: 'Services' },
  errors: (count: number) => plural(count, 'erreur', 'erreurs'),
  repeats: (times: number) => t`${times} fois la même requête SQL`,
  incomplete: t`sans racine`,
  searched: (time: string) => t`Cherché jusqu'à ${time}.`,
  continueSearch: t`Chercher plus loin`,
  between: (from: string, to: string) => t`Entre ${from} et ${to}`,
}

const en: typeof fr = {
  what: 'traces',
  tabs: { all: 'All', errors: 'Errors', slow: 'Slow' },
  minDuration: 'Min duration (ms)',
  search: 'Name or attribute',
  searchHint: 'laptop, cart.size=3, db.system.name=sqlite',
  columns: {
    start: 'Start',
    trace: 'Trace',
    duration: 'Duration',
    spans: 'Spans',
    queries: 'SQL',
    services: 'Services',
  },
  errors: (count) => plural(count, 'error', 'errors'),
  repeats: (times) => `${times} times the same SQL query`,
  incomplete: 'no root',
  searched: (time) => `Searched back to ${time}.`,
  continueSearch: 'Search further back',
  between: (from, to) => `Between ${from} and ${to}`,
}

export const messages = { fr, en }

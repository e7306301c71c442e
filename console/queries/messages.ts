import { t } from '../ui/typography'

const fr = {
  columns: {
    statement: 'Requête',
    service: t`Service et base`,
    calls: 'Appels',
    total: 'Temps total',
    mean: 'Moyenne',
    p95: 'p95',
    errors: 'Erreurs',
  },
  tracesWith: t`Les traces qui ont cette requête`,
  repeats: (times: number) => t`${times} fois dans une même trace`,
  others: t`Toutes les autres`,
  fullText: t`Texte entier`,
  truncated: (shown: number, all: number) => t`Les ${shown} premières, sur ${all}.`,
  what: 'traces',
  none: t`Aucune requête SQL pendant cette période`,
  noneHow: t`Ici arrivent les spans qui disent leur base (db.system.name) et ce qu'ils lui demandent (db.query.text ou db.query.summary). Une période plus longue en a peut-être.`,
}

const en: typeof fr = {
  columns: {
    statement: 'Query',
    service: 'Service and database',
    calls: 'Calls',
    total: 'Total time',
    mean: 'Mean',
    p95: 'p95',
    errors: 'Errors',
  },
  tracesWith: 'Traces with this query',
  repeats: (times) => `${times} times in one trace`,
  others: 'All others',
  fullText: 'Full text',
  truncated: (shown, all) => `The first ${shown} of ${all}.`,
  what: 'traces',
  none: 'No SQL query in this period',
  noneHow:
    'This page shows spans with a database (db.system.name) and a statement (db.query.text or db.query.summary). A longer period may have some.',
}

export const messages = { fr, en }

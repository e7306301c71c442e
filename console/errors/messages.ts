import { plural, t } from '../ui/typography'

const fr = {
  isNew: 'nouveau',
  isNewLong: t`Vu pour la première fois il y a moins de cinq minutes`,
  times: (count: string) => t`${count} fois`,
  first: (ago: string) => t`la première ${ago}`,
  last: (ago: string) => t`la dernière ${ago}`,
  example: t`trace de la dernière`,
  exampleLong: t`La trace, là où cela s'est produit`,
  traceGone: t`sa trace n'est pas ici`,
  stack: t`Pile d'appels`,
  only: (shown: number, all: number) => t`Les ${shown} dernières, sur ${plural(all, 'groupe', 'groupes')}.`,
  what: 'traces',
  none: t`Aucune erreur`,
  noneHow: t`Ici arrivent les spans que leur programme dit en échec (statut ERROR) et les exceptions qu'il consigne (exception.type, exception.stacktrace), groupés par type et par premier endroit de son propre code.`,
}

const en: typeof fr = {
  isNew: 'new',
  isNewLong: 'Seen for the first time within the last five minutes',
  times: (count) => (count === '1' ? 'once' : `${count} times`),
  first: (ago) => `first ${ago}`,
  last: (ago) => `last ${ago}`,
  example: 'trace of the last',
  exampleLong: 'The trace, where it happened',
  traceGone: 'its trace is not here',
  stack: 'Stack',
  only: (shown, all) => `The last ${shown} of ${plural(all, 'group', 'groups')}.`,
  what: 'traces',
  none: 'No errors',
  noneHow:
    'Spans that their program calls failed (status ERROR) and exceptions that it logs (exception.type, exception.stacktrace) come here, grouped by type and by the first place in its own code.',
}

export const messages = { fr, en }

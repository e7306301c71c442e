import { plural, t } from '../ui/typography'

const fr = {
  isNew: 'nouveau',
  isNewLong: t`Vu pour la première fois il y a moins de cinq minutes`,
  times: (count: string) => t`${count} fois`,
  first: (ago: string) => t`la première ${ago}`,
  last: (ago: string) => t`la dernière ${ago}`,
  lastTrace: t`trace de la dernière`,
  lastTraceLong: t`La trace, là où cela s'est produit`,
  traceMissing: t`sa trace n'est pas ici`,
  stack: t`Pile d'appels`,
  only: (shown: number, all: number) => t`Les ${shown} dernières, sur ${plural(all, 'groupe', 'groupes')}.`,
  what: 'traces',
  empty: t`Aucune erreur`,
  emptyHelp: t`Ici arrivent les spans que leur programme dit en échec (statut ERROR) et les exceptions qu'il consigne (exception.type, exception.stacktrace), groupés par type et par premier endroit de son propre code.`,
}

const en: typeof fr = {
  isNew: 'new',
  isNewLong: 'Seen for the first time within the last five minutes',
  times: (count) => (count === '1' ? 'once' : `${count} times`),
  first: (ago) => `first ${ago}`,
  last: (ago) => `last ${ago}`,
  lastTrace: 'trace of the last one',
  lastTraceLong: 'The span of the error in its trace',
  traceMissing: 'its trace is not stored',
  stack: 'Stack',
  only: (shown, all) => `The last ${shown} of ${plural(all, 'group', 'groups')}.`,
  what: 'traces',
  empty: 'No errors',
  emptyHelp:
    'This page shows spans with status ERROR and logged exceptions (exception.type, exception.stacktrace), grouped by type and by the first stack frame in the service’s own code.',
}

export const messages = { fr, en }

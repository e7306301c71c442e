import { t } from '../ui/typography'
import type { NodeKind } from './find-service-map'

const fr = {
  what: 'appels',
  about: t`D'après les traces reçues dans la période. Un clic mène aux traces.`,
  drawing: t`Carte des services`,
  kinds: { service: 'service', database: t`base de données`, other: t`extérieur` } as Record<NodeKind, string>,
  noTelemetry: t`n'envoie rien`,
  silent: 'silencieux',
  ended: t`terminé`,
  seen: (state: string, ago: string) => t`${state}, vu ${ago}`,
  active: 'actif',
  errors: (share: string) => t`${share} d'erreurs`,
  calls: t`Appels`,
  nodes: t`Services et bases`,
  columns: {
    from: t`De`,
    to: t`Vers`,
    count: t`Appels`,
    requests: t`Requêtes`,
    rate: 'Par seconde',
    errors: 'Erreurs',
    name: 'Nom',
    kind: 'Genre',
    state: t`État`,
  },
  traces: 'Traces',
}

export type Messages = typeof fr

const en: Messages = {
  what: 'calls',
  about: 'From the traces received in the period. Click a node or an edge for its traces.',
  drawing: 'Service map',
  kinds: { service: 'service', database: 'database', other: 'external' },
  noTelemetry: 'no telemetry',
  silent: 'silent',
  ended: 'ended',
  seen: (state, ago) => `${state}, last seen ${ago}`,
  active: 'active',
  errors: (share) => `${share} errors`,
  calls: 'Calls',
  nodes: 'Services and databases',
  columns: {
    from: 'From',
    to: 'To',
    count: 'Calls',
    requests: 'Requests',
    rate: 'Per second',
    errors: 'Errors',
    name: 'Name',
    kind: 'Kind',
    state: 'State',
  },
  traces: 'Traces',
}

export const messages = { fr, en }

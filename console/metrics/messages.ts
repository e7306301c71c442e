import { plural, t } from '../ui/typography'
import type { Series } from './series'

type Kinds = Record<Series['kind'], string>

const fr = {
  what: t`métriques`,
  search: 'Nom ou description',
  searchHint: 'http.server, stock, By',
  back: t`Toutes les métriques`,
  columns: {
    name: 'Instrument',
    kind: t`Genre, unité`,
    services: 'Services',
    series: t`Séries`,
    last: t`Dernières valeurs`,
    rate: 'Par seconde',
    labels: t`Service, étiquettes`,
    value: t`Dernière valeur`,
    sum: 'Somme',
    count: 'Mesures',
    received: t`Reçue`,
  },
  kinds: {
    gauge: 'jauge',
    counter: 'compteur',
    updowncounter: 'compteur ±',
    histogram: 'histogramme',
    summary: t`résumé`,
  } as Kinds,
  range: (low: string, high: string) => t`${low} à ${high}`,
  none: t`aucune mesure`,
  shared: t`Étiquettes que toutes les séries ont :`,
  charts: {
    level: 'Valeurs',
    rate: 'Hausse par seconde',
    p95: t`p95, pas à pas`,
  },
  charted: (shown: number, all: number) => t`Les ${shown} séries les plus actives, sur ${all}.`,
  truncated: (shown: number, all: number) => t`Les ${shown} premières, sur ${plural(all, 'série', 'séries')}.`,
  truncatedInstruments: (shown: number, all: number) => t`Les ${shown} premiers instruments, sur ${all}.`,
  unknown: (name: string) => t`Aucune série de ${name} n'a été reçue.`,
  quantiles: t`Nombre, somme et quantiles sont ceux de la période ; les quantiles sont interpolés dans les classes reçues.`,
}

export type Messages = typeof fr

const en: Messages = {
  what: 'metrics',
  search: 'Name or description',
  searchHint: 'http.server, stock, By',
  back: 'All metrics',
  columns: {
    name: 'Instrument',
    kind: 'Kind, unit',
    services: 'Services',
    series: 'Series',
    last: 'Last values',
    rate: 'Per second',
    labels: 'Service, labels',
    value: 'Last value',
    sum: 'Sum',
    count: 'Values',
    received: 'Received',
  },
  kinds: {
    gauge: 'gauge',
    counter: 'counter',
    updowncounter: 'up-down counter',
    histogram: 'histogram',
    summary: 'summary',
  },
  range: (low, high) => `${low} to ${high}`,
  none: 'no values',
  shared: 'Labels of all series:',
  charts: {
    level: 'Values',
    rate: 'Increase per second',
    p95: 'p95 per step',
  },
  charted: (shown, all) => `The ${shown} most active series, of ${all}.`,
  truncated: (shown, all) => `The first ${shown} of ${plural(all, 'series', 'series')}.`,
  truncatedInstruments: (shown, all) => `The first ${shown} instruments, of ${all}.`,
  unknown: (name) => `No series of ${name} was received.`,
  quantiles:
    'Count, sum and quantiles are those of the period; quantiles are interpolated within the received buckets.',
}

export const messages = { fr, en }

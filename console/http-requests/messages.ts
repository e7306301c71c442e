import { plural, t } from '../ui/typography'

const fr = {
  what: t`requêtes`,
  columns: {
    service: 'Service',
    route: 'Route',
    count: t`Requêtes`,
    rate: 'Par seconde',
    errors: 'Erreurs',
    history: 'Tendance',
    source: 'Source',
  },
  sources: { metrics: t`métriques`, spans: 'spans' },
  sourceHelp: {
    metrics: t`D'après http.server.request.duration, que le service envoie lui-même : toutes les requêtes y sont comptées, et les durées interpolées dans ses classes.`,
    spans: t`D'après les spans reçus : ce que l'échantillonnage a écarté n'y est pas.`,
  },
  charts: {
    rate: t`Requêtes et erreurs par seconde`,
    requests: t`requêtes`,
    errors: 'erreurs',
    durations: t`Durées`,
  },
  allRoutes: t`toutes ses routes`,
  traces: t`Ses traces`,
  errorTraces: t`Ses traces en erreur`,
  sparklineLabel: (count: string) => t`${count} requêtes dans la période`,
  only: (shown: number, all: number) => t`Les ${shown} premières, sur ${plural(all, 'route', 'routes')}.`,
}

export type Messages = typeof fr

const en: Messages = {
  what: 'requests',
  columns: {
    service: 'Service',
    route: 'Route',
    count: 'Requests',
    rate: 'Per second',
    errors: 'Errors',
    history: 'Trend',
    source: 'Source',
  },
  sources: { metrics: 'metrics', spans: 'spans' },
  sourceHelp: {
    metrics:
      'From http.server.request.duration, which the service sends itself: every request is counted, and durations are interpolated in its buckets.',
    spans: 'From the spans received: spans that sampling dropped are not counted.',
  },
  charts: {
    rate: 'Requests and errors per second',
    requests: 'requests',
    errors: 'errors',
    durations: 'Durations',
  },
  allRoutes: 'all routes',
  traces: 'Its traces',
  errorTraces: 'Its traces with errors',
  sparklineLabel: (count) => `${count} requests in the period`,
  only: (shown, all) => `The first ${shown} of ${plural(all, 'route', 'routes')}.`,
}

export const messages = { fr, en }

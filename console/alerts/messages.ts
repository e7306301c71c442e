import { t } from '../ui/typography'

const fr = {
  firing: 'En cours',
  none: t`Aucune alerte : toutes les règles sont respectées.`,
  past: t`Terminées`,
  rules: t`Règles`,
  columns: { rule: 'Alerte', service: 'Service', value: 'Valeur', since: 'Depuis', until: 'Fin', state: 'État' },
  traces: t`les traces`,
  runbook: t`que faire`,
  expired: t`sans nouvelles depuis`,
  states: { firing: t`en cours`, ok: 'calme' },
  severities: { critical: 'critique', warning: 'attention', info: 'info' },
  condition: {
    error_share: (above: string, window: string, minRequests: string) =>
      t`plus de ${above} de 5xx sur ${window}, d'au moins ${minRequests} requêtes`,
    p95_ms: (above: string, window: string, minRequests: string) =>
      t`p95 au-delà de ${above} sur ${window}, d'au moins ${minRequests} requêtes`,
    silent_s: (above: string) => t`plus rien reçu depuis ${above}`,
  },
}

const en: typeof fr = {
  firing: 'Firing',
  none: 'No alerts: all rules are met.',
  past: 'Resolved',
  rules: 'Rules',
  columns: { rule: 'Alert', service: 'Service', value: 'Value', since: 'Since', until: 'Until', state: 'State' },
  traces: 'the traces',
  runbook: 'what to do',
  expired: 'no notification since',
  states: { firing: 'firing', ok: 'OK' },
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  condition: {
    error_share: (above, window, minRequests) =>
      `more than ${above} of requests failed with 5xx over ${window}, with at least ${minRequests} requests`,
    p95_ms: (above, window, minRequests) => `p95 above ${above} over ${window}, with at least ${minRequests} requests`,
    silent_s: (above) => `no telemetry for ${above}`,
  },
}

export const messages = { fr, en }

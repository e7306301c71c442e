import { t } from '../ui/typography'

const fr = {
  firing: 'En cours',
  none: t`Aucune alerte : toutes les règles sont respectées.`,
  past: t`Terminées`,
  rules: t`Règles`,
  columns: { rule: 'Alerte', service: 'Service', value: 'Valeur', since: 'Depuis', until: 'Fin', state: 'État' },
  traces: t`les traces`,
  runbook: t`que faire`,
  lost: t`sans nouvelles depuis`,
  states: { firing: t`en cours`, ok: 'calme' },
  severities: { critical: 'critique', warning: 'attention', info: 'info' },
  condition: {
    error_share: (above: string, window: string, least: string) =>
      t`plus de ${above} de 5xx sur ${window}, d'au moins ${least} requêtes`,
    p95_ms: (above: string, window: string, least: string) =>
      t`p95 au-delà de ${above} sur ${window}, d'au moins ${least} requêtes`,
    silent_s: (above: string) => t`plus rien reçu depuis ${above}`,
  },
}

const en: typeof fr = {
  firing: 'Firing',
  none: 'No alert: all rules hold.',
  past: 'Over',
  rules: 'Rules',
  columns: { rule: 'Alert', service: 'Service', value: 'Value', since: 'Since', until: 'Until', state: 'State' },
  traces: 'the traces',
  runbook: 'what to do',
  lost: 'no news since',
  states: { firing: 'firing', ok: 'quiet' },
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  condition: {
    error_share: (above, window, least) =>
      `more than ${above} answered 5xx over ${window}, of at least ${least} requests`,
    p95_ms: (above, window, least) => `p95 above ${above} over ${window}, of at least ${least} requests`,
    silent_s: (above) => `nothing received for ${above}`,
  },
}

export const messages = { fr, en }

import { t } from '../ui/typography'
import type { SamplingStrategy } from './sampling'

const fr = {
  sent: t`Ce qui est envoyé, par minute`,
  columns: {
    from: t`Service et route`,
    spans: 'Spans',
    spanBytes: t`Octets de spans`,
    logs: 'Lignes',
    logBytes: t`Octets de lignes`,
    bytes: t`Octets en tout`,
    share: 'Part',
    series: t`Séries`,
  },
  outsideRequests: t`hors requête`,
  total: 'Tout',
  sentHelp: t`Les octets sont ceux du texte qui arrive ici, avant compression ; une trace compte dès que rien n'y vient plus depuis cinq secondes. « Hors requête » a aussi les lignes qui arrivent avant les spans de leur trace. Les séries sont les métriques distinctes (nom et étiquettes) qui ont eu un point pendant la période.`,
  sampling: t`Ce que l'échantillonnage des traces épargnerait, par minute`,
  strategies: {
    none: t`Aucun : tout garder`,
    head: t`En tête : 10 % des traces, au hasard`,
    tail: t`En queue : erreurs, lentes, et 10 % du reste`,
  } as Record<SamplingStrategy['name'], string>,
  strategy: t`Échantillonnage`,
  sampledSpans: t`Spans gardés`,
  sampledBytes: t`Octets gardés`,
  savedSpans: t`Spans épargnés`,
  savedBytes: t`Octets épargnés`,
  saved: t`Épargné`,
  estimate: (traces: string, always: string, alwaysShare: string, spanShare: string) =>
    t`Traces regardées, les dernières de la période : ${traces}. Avec une erreur, ou longues de plus de 300 ms : ${always} (${alwaysShare}), qui font ${spanShare} des spans ; l'échantillonnage en queue les garde toutes. Les octets d'un span sont comptés à leur moyenne.`,
  noEstimate: t`Aucune trace pendant cette période : pour l'échantillonnage en queue, rien ne dit encore combien sont lentes ou en erreur.`,
  unaffected: t`Les métriques n'y perdent rien : elles sont comptées avant l'échantillonnage, et leur coût ne dépend que du nombre de séries. Les journaux restent entiers.`,
  what: 'traces',
  empty: t`Rien n'est arrivé pendant cette période`,
  emptyHelp: t`Une période plus longue en dit peut-être plus. Ce qui vient d'arriver est compté cinq secondes après la fin de sa trace.`,
}

const en: typeof fr = {
  sent: 'Telemetry sent per minute',
  columns: {
    from: 'Service and route',
    spans: 'Spans',
    spanBytes: 'Span bytes',
    logs: 'Log lines',
    logBytes: 'Log bytes',
    bytes: 'Total bytes',
    share: 'Share',
    series: 'Series',
  },
  outsideRequests: 'outside of requests',
  total: 'Total',
  sentHelp:
    'Bytes are those of the received text, before compression. A trace is counted five seconds after its last span. “Outside of requests” includes log lines that arrive before the spans of their trace. Series are the distinct metrics (name and labels) with a data point in the period.',
  sampling: 'Savings by trace sampling, per minute',
  strategies: {
    none: 'None: all traces',
    head: 'Head: 10% of traces, at random',
    tail: 'Tail: errors, slow traces, and 10% of the rest',
  },
  strategy: 'Sampling',
  sampledSpans: 'Sampled spans',
  sampledBytes: 'Sampled bytes',
  savedSpans: 'Spans saved',
  savedBytes: 'Bytes saved',
  saved: 'Saved',
  estimate: (traces, always, alwaysShare, spanShare) =>
    `Newest traces of the period: ${traces}. With an error, or longer than 300 ms: ${always} (${alwaysShare}), with ${spanShare} of the spans; tail sampling keeps all of them. Bytes are estimated with the mean size of a span.`,
  noEstimate:
    'No traces in this period: tail sampling depends on how many are slow or failed, so there is no estimate.',
  unaffected:
    'Metrics are not affected: they are counted before sampling, and their cost depends only on the number of series. Logs stay complete.',
  what: 'traces',
  empty: 'Nothing has arrived in this period',
  emptyHelp: 'Try a longer period. New telemetry is counted five seconds after the end of its trace.',
}

export const messages = { fr, en }

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
  outside: t`hors requête`,
  all: 'Tout',
  sentHow: t`Les octets sont ceux du texte qui arrive ici, avant compression ; une trace compte dès que rien n'y vient plus depuis cinq secondes. « Hors requête » a aussi les lignes qui arrivent avant les spans de leur trace. Les séries sont les métriques distinctes (nom et étiquettes) qui ont eu un point pendant la période.`,
  sampling: t`Ce que l'échantillonnage des traces épargnerait, par minute`,
  plans: {
    none: t`Aucun : tout garder`,
    head: t`En tête : 10 % des traces, au hasard`,
    tail: t`En queue : erreurs, lentes, et 10 % du reste`,
  } as Record<SamplingStrategy['name'], string>,
  plan: t`Échantillonnage`,
  keptSpans: t`Spans gardés`,
  keptBytes: t`Octets gardés`,
  savedSpans: t`Spans épargnés`,
  savedBytes: t`Octets épargnés`,
  saved: t`Épargné`,
  estimate: (traces: string, kept: string, keptShare: string, spanShare: string) =>
    t`Traces regardées, les dernières de la période : ${traces}. Avec une erreur, ou longues de plus de 300 ms : ${kept} (${keptShare}), qui font ${spanShare} des spans ; l'échantillonnage en queue les garde toutes. Les octets d'un span sont comptés à leur moyenne.`,
  noEstimate: t`Aucune trace pendant cette période : pour l'échantillonnage en queue, rien ne dit encore combien sont lentes ou en erreur.`,
  untouched: t`Les métriques n'y perdent rien : elles sont comptées avant l'échantillonnage, et leur coût ne dépend que du nombre de séries. Les journaux restent entiers.`,
  what: 'traces',
  none: t`Rien n'est arrivé pendant cette période`,
  noneHow: t`Une période plus longue en dit peut-être plus. Ce qui vient d'arriver est compté cinq secondes après la fin de sa trace.`,
}

const en: typeof fr = {
  sent: 'What is sent, per minute',
  columns: {
    from: 'Service and route',
    spans: 'Spans',
    spanBytes: 'Span bytes',
    logs: 'Log lines',
    logBytes: 'Log bytes',
    bytes: 'Bytes in all',
    share: 'Share',
    series: 'Series',
  },
  outside: 'outside of requests',
  all: 'All',
  sentHow:
    'Bytes are those of the text that arrives here, before compression; a trace counts once nothing has come for it for five seconds. “Outside of requests” also has lines that arrive before their trace’s spans. Series are the distinct metrics (name and labels) that had a point in the period.',
  sampling: 'What sampling traces would save, per minute',
  plans: {
    none: 'None: keep all',
    head: 'Head: 10% of traces, at random',
    tail: 'Tail: errors, slow ones, and 10% of the rest',
  },
  plan: 'Sampling',
  keptSpans: 'Spans kept',
  keptBytes: 'Bytes kept',
  savedSpans: 'Spans saved',
  savedBytes: 'Bytes saved',
  saved: 'Saved',
  estimate: (traces, kept, keptShare, spanShare) =>
    `Traces looked at, the last of the period: ${traces}. With an error, or longer than 300 ms: ${kept} (${keptShare}), which make ${spanShare} of the spans; tail sampling keeps them all. The bytes of a span are counted at their mean.`,
  noEstimate: 'No trace in this period: nothing says yet how many are slow or failed, which tail sampling depends on.',
  untouched:
    'Metrics lose nothing: they are counted before sampling, and what they cost depends on the number of series alone. Log lines stay complete.',
  what: 'traces',
  none: 'Nothing has arrived in this period',
  noneHow: 'A longer period may tell more. What has just arrived is counted five seconds after the end of its trace.',
}

export const messages = { fr, en }

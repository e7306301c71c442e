import { badRatioMetric } from '../observability/slo'
import { t } from '../src/typography'
import { findTraces, queryLines, queryNumber } from '../stack/clients/prometheus'
import type { Endpoints } from '../stack/endpoints'
import type { ExpectedSli, ExpectedSpan } from './contract'

/** What is found of it in the stores. */
export interface Evidence {
  /** The earliest trace that was found with the span. */
  trace?: { id: string; atMs: number; service: string; name: string }
  line?: { text: string; service: string; atMs: number; traceId?: string | undefined }
  /** The highest share of bad requests. */
  sli?: number
}

export interface ExpectedEvidence {
  span?: ExpectedSpan | undefined
  log?: string | undefined
  sli?: ExpectedSli | undefined
}

/** Looks for what is not found yet. A store that does not answer is asked again the next time. */
export async function collectEvidence(
  wanted: ExpectedEvidence,
  places: Endpoints,
  onsetMs: number,
  found: Evidence,
): Promise<void> {
  await Promise.all(
    [
      wanted.span && !found.trace && traceOf(wanted.span, places.jaeger, onsetMs, found),
      wanted.log && !found.line && lineOf(wanted.log, places.loki, onsetMs, found),
      wanted.sli && shareOf(wanted.sli, places.prometheus, found),
    ].map((looking) => Promise.resolve(looking || undefined).catch(() => undefined)),
  )
}

/** What is still missing, in words. */
export function missingEvidence({ span, log, sli }: ExpectedEvidence, found: Evidence): string[] {
  return [
    span && !found.trace && `aucune trace de ${span.service} avec ${JSON.stringify(span.tags)}`,
    log && !found.line && `aucune ligne de ${log}`,
    sli &&
      !((found.sli ?? 0) > sli.above) &&
      t`part de ${sli.sli} de ${sli.service} : ${found.sli ?? 0}, pas plus de ${sli.above}`,
  ].filter((text): text is string => typeof text === 'string')
}

async function traceOf(
  { service, tags, minDurationMs = 0 }: ExpectedSpan,
  jaeger: string,
  onsetMs: number,
  found: Evidence,
) {
  const traces = await findTraces(jaeger, service, tags, 20, { fromMs: onsetMs, leastMs: minDurationMs })
  const spans = traces
    .map((trace) =>
      trace.filter(
        (span) => span.service === service && has(span.tags, tags) && span.durationUs >= minDurationMs * 1000,
      ),
    )
    .flatMap((own) => own.slice(0, 1))
    .filter(({ startUs }) => startUs >= onsetMs * 1000)
  const first = spans.sort((a, b) => a.startUs - b.startUs)[0]
  if (first) found.trace = { id: first.traceId, atMs: first.startUs / 1000, service: first.service, name: first.name }
}

const has = (tags: Record<string, unknown>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([key, value]) => String(tags[key]) === value)

async function lineOf(query: string, loki: string, onsetMs: number, found: Evidence): Promise<void> {
  const [first] = await queryLines(loki, query, 1, onsetMs)
  if (!first) return
  const { labels, line, timeNs } = first
  found.line = {
    text: line,
    service: labels.service_name ?? '',
    atMs: Number(timeNs / 1_000_000n),
    traceId: labels.trace_id,
  }
}

async function shareOf({ sli, service }: ExpectedSli, prometheus: string, found: Evidence): Promise<void> {
  const share = await queryNumber(prometheus, `${badRatioMetric(sli, '5m')}{service_name="${service}"}`)
  found.sli = Math.max(found.sli ?? 0, share)
}

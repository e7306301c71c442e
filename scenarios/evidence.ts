import { badRatioMetric } from '../observability/slo'
import { findTraces } from '../stack/clients/jaeger'
import { queryLines } from '../stack/clients/loki'
import { queryNumber } from '../stack/clients/prometheus'
import type { Endpoints } from '../stack/endpoints'
import type { ExpectedSli, ExpectedSpan } from './contract'

/** What the stack's servers have stored of a fault. */
export interface Evidence {
  /** The first span that matched, with its trace. */
  trace?: { id: string; atMs: number; service: string; name: string }
  line?: { text: string; service: string; atMs: number; traceId?: string | undefined }
  /** The highest ratio of bad requests so far. */
  sli?: number
}

export interface ExpectedEvidence {
  span?: ExpectedSpan | undefined
  log?: string | undefined
  sli?: ExpectedSli | undefined
}

/** Queries what is not found yet, and adds it to `found`. Ignores a server that fails: the next call tries again. */
export async function collectEvidence(
  { span, log, sli }: ExpectedEvidence,
  endpoints: Endpoints,
  onsetMs: number,
  found: Evidence,
): Promise<void> {
  await Promise.allSettled([
    span && !found.trace && findSpan(span, endpoints.jaeger, onsetMs, found),
    log && !found.line && findLogRecord(log, endpoints.loki, onsetMs, found),
    sli && updateSli(sli, endpoints.prometheus, found),
  ])
}

/** One sentence for each piece of evidence that is missing. */
export function missingEvidence({ span, log, sli }: ExpectedEvidence, found: Evidence): string[] {
  return [
    span && !found.trace && `no trace of ${span.service} with ${JSON.stringify(span.tags)}`,
    log && !found.line && `no log record of ${log}`,
    sli &&
      !((found.sli ?? 0) > sli.above) &&
      `bad-request ratio (${sli.sli}) of ${sli.service}: ${found.sli ?? 0}, not above ${sli.above}`,
  ].filter((text): text is string => typeof text === 'string')
}

async function findSpan(
  { service, tags, minDurationMs = 0 }: ExpectedSpan,
  jaeger: string,
  onsetMs: number,
  found: Evidence,
): Promise<void> {
  const traces = await findTraces(jaeger, service, tags, 20, { fromMs: onsetMs, minDurationMs })
  const spans = traces
    .map((trace) =>
      trace.filter(
        (span) => span.service === service && hasTags(span.tags, tags) && span.durationUs >= minDurationMs * 1000,
      ),
    )
    .flatMap((matching) => matching.slice(0, 1))
    .filter(({ startUs }) => startUs >= onsetMs * 1000)
  const first = spans.sort((a, b) => a.startUs - b.startUs)[0]
  if (first) found.trace = { id: first.traceId, atMs: first.startUs / 1000, service: first.service, name: first.name }
}

const hasTags = (tags: Record<string, unknown>, expected: Record<string, string>) =>
  Object.entries(expected).every(([key, value]) => String(tags[key]) === value)

async function findLogRecord(query: string, loki: string, onsetMs: number, found: Evidence): Promise<void> {
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

async function updateSli({ sli, service }: ExpectedSli, prometheus: string, found: Evidence): Promise<void> {
  const ratio = await queryNumber(prometheus, `${badRatioMetric(sli, '5m')}{service_name="${service}"}`)
  found.sli = Math.max(found.sli ?? 0, ratio)
}

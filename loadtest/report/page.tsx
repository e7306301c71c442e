import { raw } from 'hono/html'
import type { FC, PropsWithChildren } from 'hono/jsx'
import type { NotableRequest } from '../notable-request'
import { Curve } from './curve'
import { formatMetricValue, formatMs, formatNumber, formatPercent } from './format'
import { omitRepeated } from './omit-repeated'
import { style } from './style'
import type { Durations, LoadTestSummary, ThresholdResult } from './summary'

/** The summary as one HTML page without other files. @param traces URL of a trace, without its id at the end */
export const renderHtml = (summary: LoadTestSummary, traces: string): string =>
  `<!doctype html>${<Page summary={summary} traces={traces} />}`

const Page: FC<{ summary: LoadTestSummary; traces: string }> = ({ summary, traces }) => {
  const { run, question, passed, thresholds, stairs } = summary
  const failed = omitRepeated(thresholds)
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${run} – Load test`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <style>{raw(style)}</style>
      </head>
      <body>
        <main>
          <header>
            <p class="kicker">{`Load test ${run}`}</p>
            <h1>{question}</h1>
            {!summary.valid && <p class="verdict bad">{invalidityOf(summary)}</p>}
            <p class={passed ? 'verdict good' : 'verdict bad'}>{verdictOf(summary, failed.length)}</p>
          </header>
          <KeyFigures summary={summary} />
          {stairs.length > 0 ? <Stairs summary={summary} /> : <Steps summary={summary} />}
          {failed.length > 0 && <FailedThresholds thresholds={failed} traces={traces} />}
          <PassedThresholds thresholds={thresholds.filter(({ ok }) => ok)} />
        </main>
      </body>
    </html>
  )
}

function invalidityOf({ lag }: LoadTestSummary): string {
  const [late, limit] = [formatMs(lag?.p99_ms ?? 0), formatMs(lag?.limit_ms ?? 0)]
  return `This test is not valid: the load engine itself was late (99th percentile ${late}, limit ${limit}).`
}

function verdictOf({ shape, stairs }: LoadTestSummary, failedCount: number): string {
  if (shape === 'breakpoint') {
    const lastPassed = stairs.filter(({ ok }) => ok).at(-1)
    if (!lastPassed) return 'The first stair already fails.'
    if (failedCount === 0) return `Passes up to ${formatNumber(lastPassed.rate)} journeys per second, the last stair.`
    return `Passes up to ${formatNumber(lastPassed.rate)} journeys per second. The next stair fails.`
  }
  if (failedCount === 0) return 'All thresholds pass.'
  return failedCount === 1 ? 'One threshold fails.' : `${failedCount} thresholds fail.`
}

const KeyFigures: FC<{ summary: LoadTestSummary }> = ({ summary }) => {
  const { all, journeys, mistakes, rate, peak_rate, duration_s, requests_per_s, url, stairs } = summary
  return (
    <dl class="facts">
      <Figure name="Shop">{url}</Figure>
      <Figure name="Arrivals">
        {peak_rate > rate
          ? `${formatNumber(rate)} journeys/s, ${formatNumber(peak_rate)} at the peak`
          : `${formatNumber(rate)} journeys/s`}
        {` for ${duration_s} s`}
      </Figure>
      <Figure name="Requests">
        {formatNumber(all.requests)}
        {stairs.length === 0 && `, ${formatNumber(requests_per_s)} per second`}
      </Figure>
      <Figure name="Failed">{formatPercent(all.failed_share)}</Figure>
      <Figure name="Load engine">
        {summary.engine}
        {summary.lag && `, lag ${formatMs(summary.lag.p99_ms)} (99th percentile)`}
      </Figure>
      <Figure name="95th percentile">{formatMs(all.p95_ms)}</Figure>
      <Figure name="Journeys">
        {`${formatNumber(journeys.made)}, ${formatPercent(journeys.ended_share)} completed`}
        {journeys.dropped > 0 && `; ${formatNumber(journeys.dropped)} dropped`}
      </Figure>
      {mistakes.requests > 0 && (
        <Figure name="Wrong input">
          {`${formatNumber(mistakes.requests)} requests, ${formatPercent(mistakes.right_share)} with the expected 4xx`}
        </Figure>
      )}
    </dl>
  )
}

const Figure: FC<PropsWithChildren<{ name: string }>> = ({ name, children }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Steps: FC<{ summary: LoadTestSummary }> = ({ summary: { steps, limit_ms } }) => (
  <section>
    <h2>Steps</h2>
    <section class="scroll" tabindex={0} aria-label="Steps">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <DurationHeadings />
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, ...durations }) => (
            <tr>
              <th scope="row">{step}</th>
              <DurationCells durations={durations} limitMs={limit_ms} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="soft">{`In milliseconds. 95 of 100 requests must end within ${formatMs(limit_ms)}.`}</p>
  </section>
)

const Stairs: FC<{ summary: LoadTestSummary }> = ({ summary: { stairs, limit_ms } }) => (
  <section>
    <h2>Stairs</h2>
    <Curve stairs={stairs} limitMs={limit_ms} />
    <section class="scroll" tabindex={0} aria-label="Stairs">
      <table>
        <thead>
          <tr>
            <th scope="col">Journeys/s</th>
            <th scope="col">Requests/s</th>
            <DurationHeadings />
            <th scope="col">Dropped</th>
          </tr>
        </thead>
        <tbody>
          {stairs.map(({ rate, requests_per_s, dropped, ok, ...durations }) => (
            <tr class={ok ? undefined : 'bad'}>
              <th scope="row">{formatNumber(rate)}</th>
              <td>{requests_per_s === null ? '–' : formatNumber(requests_per_s)}</td>
              <DurationCells durations={durations} limitMs={limit_ms} />
              <td>{formatNumber(dropped)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="soft">Durations in milliseconds. The search ends on the first stair that fails.</p>
  </section>
)

const DurationHeadings = () =>
  ['Requests', 'Failed', 'p50', 'p95', 'p99', 'max'].map((text) => <th scope="col">{text}</th>)

const DurationCells: FC<{ durations: Durations; limitMs: number }> = ({ durations, limitMs }) => {
  const { requests, failed_share, p50_ms, p95_ms, p99_ms, max_ms } = durations
  return (
    <>
      <td>{formatNumber(requests)}</td>
      <td class={failed_share > 0 ? 'bad' : undefined}>{formatPercent(failed_share)}</td>
      <td>{formatNumber(p50_ms)}</td>
      <td class={p95_ms < limitMs ? undefined : 'bad'}>{formatNumber(p95_ms)}</td>
      <td>{formatNumber(p99_ms)}</td>
      <td>{formatNumber(max_ms)}</td>
    </>
  )
}

const FailedThresholds: FC<{ thresholds: ThresholdResult[]; traces: string }> = ({ thresholds, traces }) => (
  <section>
    <h2>Failed thresholds</h2>
    <ul class="failed">
      {thresholds.map(({ metric, condition, value, slowest, failed }) => (
        <li>
          <code>
            {metric} {condition}
          </code>
          {value !== undefined && `: ${formatMetricValue(metric, value)}`}
          <Traces title="Failed" requests={failed} traces={traces} />
          <Traces title="Slowest" requests={slowest} traces={traces} />
        </li>
      ))}
    </ul>
  </section>
)

const Traces: FC<{ title: string; requests: NotableRequest[]; traces: string }> = ({ title, requests, traces }) =>
  requests.length === 0 ? null : (
    <div class="traces">
      {title}:
      <ul>
        {requests.map(({ trace_id, step, status, ms, error }) => (
          <li>
            {trace_id ? <a href={traces + trace_id}>{trace_id}</a> : <span>{error}</span>}{' '}
            <span class="soft">{`${step}, ${status}, ${formatMs(ms)}`}</span>
          </li>
        ))}
      </ul>
    </div>
  )

const PassedThresholds: FC<{ thresholds: ThresholdResult[] }> = ({ thresholds }) => (
  <details>
    <summary>{`${thresholds.length} thresholds passed`}</summary>
    <ul>
      {thresholds.map(({ metric, condition }) => (
        <li>
          <code>
            {metric} {condition}
          </code>
        </li>
      ))}
    </ul>
  </details>
)

import { raw } from 'hono/html'
import type { FC, PropsWithChildren } from 'hono/jsx'
import { plural, t } from '../../src/typography'
import type { NotableRequest } from '../notable-request'
import { Curve } from './curve'
import { formatMetricValue, formatMs, formatNumber, formatPercent, shapeQuestions, stepLabels } from './messages'
import { style } from './style'
import type { Durations, LoadTestSummary, ThresholdResult } from './summary'

/** The summary as one page, which needs nothing else. `traces` is where a trace is shown, before its id. */
export const renderHtml = (figures: LoadTestSummary, traces: string): string =>
  `<!doctype html>${<Page figures={figures} traces={traces} />}`

const Page: FC<{ figures: LoadTestSummary; traces: string }> = ({ figures, traces }) => {
  const { run, shape, passed, thresholds, stairs } = figures
  const broken = thresholds.filter(({ ok }) => !ok)
  return (
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>{t`${run} – Test de charge`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <style>{raw(style)}</style>
      </head>
      <body>
        <main>
          <header>
            <p class="kicker">{t`Test de charge ${run}`}</p>
            <h1>{shapeQuestions[shape]}</h1>
            {!figures.valid && <p class="verdict bad">{invalidityOf(figures)}</p>}
            <p class={passed ? 'verdict good' : 'verdict bad'}>{verdictOf(figures, broken.length)}</p>
          </header>
          <Facts figures={figures} />
          {stairs.length > 0 ? <Stairs figures={figures} /> : <Steps figures={figures} />}
          {broken.length > 0 && <Broken broken={broken} traces={traces} />}
          <Held thresholds={thresholds.filter(({ ok }) => ok)} />
        </main>
      </body>
    </html>
  )
}

function invalidityOf({ lag }: LoadTestSummary): string {
  const [late, limit] = [formatMs(lag?.p99_ms ?? 0), formatMs(lag?.limit_ms ?? 0)]
  return t`Ce test n'est pas valable : le générateur de charge était lui-même en retard (99e centile ${late}, limite ${limit}).`
}

function verdictOf({ shape, stairs }: LoadTestSummary, broken: number): string {
  if (shape === 'breakpoint') {
    const held = stairs.filter(({ ok }) => ok).at(-1)
    if (!held) return t`La première marche est déjà de trop.`
    if (broken === 0) return t`Tient jusqu'à ${formatNumber(held.rate)} parcours par seconde, la dernière marche.`
    return t`Tient jusqu'à ${formatNumber(held.rate)} parcours par seconde ; la marche suivante est de trop.`
  }
  if (broken === 0) return t`Tous les seuils sont tenus.`
  return broken === 1 ? t`Un seuil n'est pas tenu.` : t`${broken} seuils ne sont pas tenus.`
}

const Facts: FC<{ figures: LoadTestSummary }> = ({ figures }) => {
  const { all, journeys, mistakes, rate, peak_rate, duration_s, requests_per_s, url, stairs } = figures
  return (
    <dl class="facts">
      <Fact name={t`Boutique`}>{url}</Fact>
      <Fact name={t`Arrivées`}>
        {peak_rate > rate
          ? t`${formatNumber(rate)} parcours/s, ${formatNumber(peak_rate)} au plus fort`
          : t`${formatNumber(rate)} parcours/s`}
        {`, ${plural(duration_s, 'seconde', 'secondes')}`}
      </Fact>
      <Fact name={t`Requêtes`}>
        {formatNumber(all.requests)}
        {stairs.length === 0 && t`, ${formatNumber(requests_per_s)} par seconde`}
      </Fact>
      <Fact name={t`Échecs`}>{formatPercent(all.failed_share)}</Fact>
      <Fact name={t`Générateur`}>
        {figures.engine}
        {figures.lag && t`, en retard de ${formatMs(figures.lag.p99_ms)} au plus dans 99 cas sur 100`}
      </Fact>
      <Fact name={t`95e centile`}>{formatMs(all.p95_ms)}</Fact>
      <Fact name={t`Parcours`}>
        {t`${formatNumber(journeys.made)}, dont ${formatPercent(journeys.ended_share)} jusqu'au bout`}
        {journeys.dropped > 0 && t` ; ${formatNumber(journeys.dropped)} n'ont pas pu commencer`}
      </Fact>
      {mistakes.requests > 0 && (
        <Fact name={t`Saisies fausses`}>
          {t`${formatNumber(mistakes.requests)}, dont ${formatPercent(mistakes.right_share)} refusées comme il faut`}
        </Fact>
      )}
    </dl>
  )
}

const Fact: FC<PropsWithChildren<{ name: string }>> = ({ name, children }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Steps: FC<{ figures: LoadTestSummary }> = ({ figures: { steps, limit_ms } }) => (
  <section>
    <h2>{t`Étape par étape`}</h2>
    <section class="scroll" tabindex={0} aria-label={t`Étape par étape`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t`Étape`}</th>
            <Heads />
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, ...durations }) => (
            <tr>
              <th scope="row">{stepLabels[step] ?? step}</th>
              <Cells durations={durations} limitMs={limit_ms} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="soft">{t`En millisecondes. 95 requêtes sur 100 doivent finir en ${formatMs(limit_ms)}.`}</p>
  </section>
)

const Stairs: FC<{ figures: LoadTestSummary }> = ({ figures: { stairs, limit_ms } }) => (
  <section>
    <h2>{t`Marche par marche`}</h2>
    <Curve stairs={stairs} limitMs={limit_ms} />
    <section class="scroll" tabindex={0} aria-label={t`Marche par marche`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t`Parcours/s`}</th>
            <th scope="col">{t`Requêtes/s`}</th>
            <Heads />
            <th scope="col">{t`Abandons`}</th>
          </tr>
        </thead>
        <tbody>
          {stairs.map(({ rate, requests_per_s, dropped, ok, ...durations }) => (
            <tr class={ok ? undefined : 'bad'}>
              <th scope="row">{formatNumber(rate)}</th>
              <td>{requests_per_s === null ? '–' : formatNumber(requests_per_s)}</td>
              <Cells durations={durations} limitMs={limit_ms} />
              <td>{formatNumber(dropped)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="soft">{t`Durées en millisecondes. La recherche finit à la première marche qui ne tient pas.`}</p>
  </section>
)

const Heads = () => [t`Requêtes`, t`Échecs`, 'p50', 'p95', 'p99', t`max`].map((text) => <th scope="col">{text}</th>)

const Cells: FC<{ durations: Durations; limitMs: number }> = ({ durations, limitMs }) => {
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

const Broken: FC<{ broken: ThresholdResult[]; traces: string }> = ({ broken, traces }) => (
  <section>
    <h2>{t`Ce qui n'est pas tenu`}</h2>
    <ul class="broken">
      {broken.map(({ metric, condition, value, slowest, failed }) => (
        <li>
          <code>
            {metric} {condition}
          </code>
          {value !== undefined && t` : ${formatMetricValue(metric, value)}`}
          <Traces title={t`En échec`} requests={failed} traces={traces} />
          <Traces title={t`Les plus lentes`} requests={slowest} traces={traces} />
        </li>
      ))}
    </ul>
  </section>
)

const Traces: FC<{ title: string; requests: NotableRequest[]; traces: string }> = ({ title, requests, traces }) =>
  requests.length === 0 ? null : (
    <div class="traces">
      {t`${title} :`}
      <ul>
        {requests.map(({ trace_id, step, status, ms, error }) => (
          <li>
            {trace_id ? <a href={traces + trace_id}>{trace_id}</a> : <span>{error}</span>}{' '}
            <span class="soft">{`${stepLabels[step] ?? step}, ${status}, ${formatMs(ms)}`}</span>
          </li>
        ))}
      </ul>
    </div>
  )

const Held: FC<{ thresholds: ThresholdResult[] }> = ({ thresholds }) => (
  <details>
    <summary>{plural(thresholds.length, 'seuil tenu', 'seuils tenus')}</summary>
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

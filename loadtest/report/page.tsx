import { raw } from 'hono/html'
import type { FC, PropsWithChildren } from 'hono/jsx'
import { plural, t } from '../../src/typography'
import type { Notable } from '../notable'
import { Curve } from './curve'
import type { Durations, Figures, Judged } from './figures'
import { style } from './style'
import { conditions, milliseconds, numbers, percent, questions, stepNames } from './words'

/** The summary as one page, which needs nothing else. `traces` is where a trace is shown, before its id. */
export const asPage = (figures: Figures, traces: string): string =>
  `<!doctype html>${<Page figures={figures} traces={traces} />}`

const Page: FC<{ figures: Figures; traces: string }> = ({ figures, traces }) => {
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
            <h1>{questions[shape]}</h1>
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

function invalidityOf({ lag }: Figures): string {
  const [late, limit] = [milliseconds(lag?.p99_ms ?? 0), milliseconds(lag?.limit_ms ?? 0)]
  return t`Ce test n'est pas valable : le générateur de charge était lui-même en retard (99e centile ${late}, limite ${limit}).`
}

function verdictOf({ shape, stairs }: Figures, broken: number): string {
  if (shape === 'breakpoint') {
    const held = stairs.filter(({ ok }) => ok).at(-1)
    if (!held) return t`La première marche est déjà de trop.`
    if (broken === 0) return t`Tient jusqu'à ${numbers(held.rate)} parcours par seconde, la dernière marche.`
    return t`Tient jusqu'à ${numbers(held.rate)} parcours par seconde ; la marche suivante est de trop.`
  }
  if (broken === 0) return t`Tous les seuils sont tenus.`
  return broken === 1 ? t`Un seuil n'est pas tenu.` : t`${broken} seuils ne sont pas tenus.`
}

const Facts: FC<{ figures: Figures }> = ({ figures }) => {
  const { all, journeys, mistakes, rate, peak_rate, duration_s, requests_per_s, url, stairs } = figures
  return (
    <dl class="facts">
      <Fact name={t`Boutique`}>{url}</Fact>
      <Fact name={t`Arrivées`}>
        {peak_rate > rate
          ? t`${numbers(rate)} parcours/s, ${numbers(peak_rate)} au plus fort`
          : t`${numbers(rate)} parcours/s`}
        {`, ${plural(duration_s, 'seconde', 'secondes')}`}
      </Fact>
      <Fact name={t`Requêtes`}>
        {numbers(all.requests)}
        {stairs.length === 0 && t`, ${numbers(requests_per_s)} par seconde`}
      </Fact>
      <Fact name={t`Échecs`}>{percent(all.failed_share)}</Fact>
      <Fact name={t`Générateur`}>
        {figures.engine}
        {figures.lag && t`, en retard de ${milliseconds(figures.lag.p99_ms)} au plus dans 99 cas sur 100`}
      </Fact>
      <Fact name={t`95e centile`}>{milliseconds(all.p95_ms)}</Fact>
      <Fact name={t`Parcours`}>
        {t`${numbers(journeys.made)}, dont ${percent(journeys.ended_share)} jusqu'au bout`}
        {journeys.dropped > 0 && t` ; ${numbers(journeys.dropped)} n'ont pas pu commencer`}
      </Fact>
      {mistakes.requests > 0 && (
        <Fact name={t`Saisies fausses`}>
          {t`${numbers(mistakes.requests)}, dont ${percent(mistakes.right_share)} refusées comme il faut`}
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

const Steps: FC<{ figures: Figures }> = ({ figures: { steps, limit_ms } }) => (
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
              <th scope="row">{stepNames[step] ?? step}</th>
              <Cells durations={durations} limitMs={limit_ms} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    <p class="soft">{t`En millisecondes. 95 requêtes sur 100 doivent finir en ${milliseconds(limit_ms)}.`}</p>
  </section>
)

const Stairs: FC<{ figures: Figures }> = ({ figures: { stairs, limit_ms } }) => (
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
              <th scope="row">{numbers(rate)}</th>
              <td>{requests_per_s === null ? '–' : numbers(requests_per_s)}</td>
              <Cells durations={durations} limitMs={limit_ms} />
              <td>{numbers(dropped)}</td>
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
      <td>{numbers(requests)}</td>
      <td class={failed_share > 0 ? 'bad' : undefined}>{percent(failed_share)}</td>
      <td>{numbers(p50_ms)}</td>
      <td class={p95_ms < limitMs ? undefined : 'bad'}>{numbers(p95_ms)}</td>
      <td>{numbers(p99_ms)}</td>
      <td>{numbers(max_ms)}</td>
    </>
  )
}

const Broken: FC<{ broken: Judged[]; traces: string }> = ({ broken, traces }) => (
  <section>
    <h2>{t`Ce qui n'est pas tenu`}</h2>
    <ul class="broken">
      {broken.map(({ metric, condition, value, slowest, failed }) => (
        <li>
          <code>
            {metric} {condition}
          </code>
          {value !== undefined && t` : ${conditions(metric, value)}`}
          <Traces title={t`En échec`} requests={failed} traces={traces} />
          <Traces title={t`Les plus lentes`} requests={slowest} traces={traces} />
        </li>
      ))}
    </ul>
  </section>
)

const Traces: FC<{ title: string; requests: Notable[]; traces: string }> = ({ title, requests, traces }) =>
  requests.length === 0 ? null : (
    <div class="traces">
      {t`${title} :`}
      <ul>
        {requests.map(({ trace_id, step, status, ms, error }) => (
          <li>
            {trace_id ? <a href={traces + trace_id}>{trace_id}</a> : <span>{error}</span>}{' '}
            <span class="soft">{`${stepNames[step] ?? step}, ${status}, ${milliseconds(ms)}`}</span>
          </li>
        ))}
      </ul>
    </div>
  )

const Held: FC<{ thresholds: Judged[] }> = ({ thresholds }) => (
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

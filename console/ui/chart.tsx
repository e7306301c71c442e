import type { FC } from 'hono/jsx'
import type { Annotation } from '../annotations/find-annotations'
import { formatWithUnit } from '../metrics/units'
import type { Locale } from './locale'
import { t } from './typography'

const fr = {
  time: 'Heure',
  values: t`Valeurs en tableau`,
  click: t`Un clic sur une courbe mène aux traces de ce moment.`,
  empty: t`Rien à tracer encore dans cette période.`,
}

const en: typeof fr = {
  time: 'Time',
  values: 'Values as a table',
  click: 'Click a line to open the traces of that moment.',
  empty: 'No data in this period yet.',
}

const texts = { fr, en }

/** Lines with the same times. */
export interface ChartData {
  title: string
  unit: string
  /** The start of each step, in microseconds. */
  timesUs: number[]
  lines: ChartLine[]
  /** The link of each step. */
  hrefs?: string[]
}

export interface ChartLine {
  name: string
  /** A color of the style sheet: `c0` – `c7`, `bad`, `accent`, `soft`. */
  color: string
  isDashed?: boolean
  values: (number | null)[]
}

/** `islands/chart.js` draws the chart. Without JavaScript the values are only in `ChartValues`. */
export const Chart: FC<{ locale: Locale; data: ChartData; annotations?: Annotation[] }> = ({
  locale,
  data,
  annotations = [],
}) => {
  const { title, unit, timesUs, lines, hrefs } = data
  const text = texts[locale.lang]
  const drawn = {
    unit,
    time: text.time,
    times: timesUs.map((us) => us / 1_000_000),
    lines: lines.map(({ values, ...line }) => ({ ...line, values: values.map(rounded) })),
    hrefs,
    annotations: annotations.map(({ kind, text: label, fromUs, untilUs }) => ({
      title: `${kind.title[locale.lang]} · ${label}`,
      color: kind.color,
      from: fromUs / 1_000_000,
      until: untilUs === undefined ? null : untilUs / 1_000_000,
    })),
  }
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null))
  return (
    <figure class="chart" data-chart={isEmpty ? undefined : JSON.stringify(drawn)}>
      <figcaption>{title}</figcaption>
      {isEmpty ? <p class="soft">{text.empty}</p> : <div class="plot" aria-hidden="true" />}
    </figure>
  )
}

/** Explains that a click on a chart with `hrefs` opens a link. */
export const ChartHint: FC<{ locale: Locale }> = ({ locale }) => (
  <span class="soft chart-hint">{texts[locale.lang].click}</span>
)

/** The values as a table, the newest first, for users who cannot see or click charts. */
export const ChartValues: FC<{ locale: Locale; charts: ChartData[] }> = ({ locale, charts }) => {
  const [first] = charts
  if (!first) return null
  const text = texts[locale.lang]
  return (
    <details class="chart-values">
      <summary>{text.values}</summary>
      <section class="scroll" tabindex={0} aria-label={text.values}>
        <table>
          <thead>
            <tr>
              <th>{text.time}</th>
              {charts.flatMap(({ lines }) => lines.map(({ name }) => <th class="number">{name}</th>))}
            </tr>
          </thead>
          <tbody>
            {first.timesUs
              .map((us, at) => (
                <tr>
                  <td class="when">
                    {first.hrefs ? <a href={first.hrefs[at]}>{clock(locale, us)}</a> : clock(locale, us)}
                  </td>
                  {charts.flatMap(({ lines, unit }) =>
                    lines.map(({ values }) => <td class="number">{formatValue(locale, unit, values[at])}</td>),
                  )}
                </tr>
              ))
              .toReversed()}
          </tbody>
        </table>
      </section>
    </details>
  )
}

// Steps start at whole seconds, so the milliseconds are always 000.
const clock = ({ format }: Locale, us: number): string => format.time(us).replace(/[.,]000$/, '')

const formatValue = ({ format }: Locale, unit: string, value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : formatWithUnit(format, unit, value)

// Four digits are exact enough for a chart, and keep the page small.
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)))

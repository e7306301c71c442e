import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { ServiceName } from '../ui/service-name'
import { quantileOf } from './distribution'
import { formatLabelValue, type SeriesWithStats } from './find-series'
import { messages } from './messages'
import type { Series } from './series'
import { formatWithUnit } from './units'

const maxRows = 200

/** All series with their labels and values. The columns depend on the kind of the instrument. */
export const SeriesTable: FC<{ locale: Locale; found: SeriesWithStats[]; shared: Series['labels'] }> = ({
  locale,
  found,
  shared,
}) => {
  const text = messages[locale.lang]
  const { columns } = text
  const kind = found[0]?.series.kind ?? 'gauge'
  const shown = found.slice(0, maxRows)
  const valueColumns = columnsOf(kind)
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={columns.series}>
        <table class="series">
          <thead>
            <tr>
              <th>{columns.labels}</th>
              {valueColumns.map((name) => (
                <th class="number">{name.startsWith('p') ? name : columns[name as keyof typeof columns]}</th>
              ))}
              <th>{columns.received}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <tr data-row>
                <td>
                  <ServiceName name={entry.series.service} /> <Labels labels={without(entry.series.labels, shared)} />
                </td>
                {valueColumns.map((name) => (
                  <td class="number">{cellText(locale, name, entry)}</td>
                ))}
                <td class="when">{locale.format.ago(entry.series.lastUs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {kind === 'histogram' && <p class="soft">{text.quantiles}</p>}
      {shown.length < found.length && <p class="more">{text.truncated(shown.length, found.length)}</p>}
    </>
  )
}

const without = (labels: Series['labels'], shared: Series['labels']): Series['labels'] =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !(key in shared)))

export const Labels: FC<{ labels: Series['labels'] }> = ({ labels }) => {
  const entries = Object.entries(labels)
  if (entries.length === 0) return null
  return (
    <span class="labels">
      {entries.map(([key, value]) => (
        <span class="badge mono">
          <span class="soft">{key}=</span>
          {formatLabelValue(value)}
        </span>
      ))}
    </span>
  )
}

type Column = 'value' | 'rate' | 'count' | 'sum' | 'p50' | 'p95' | 'p99'

const quantiles: Partial<Record<Column, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 }

function columnsOf(kind: Series['kind']): Column[] {
  if (kind === 'histogram') return ['count', 'rate', 'sum', 'p50', 'p95', 'p99']
  if (kind === 'summary') return ['count', 'rate', 'sum']
  return kind === 'counter' ? ['value', 'rate'] : ['value']
}

function cellText({ format }: Locale, column: Column, { series, stats }: SeriesWithStats): string {
  const { unit, kind, temporality } = series
  const { last, value, count, seconds, distribution } = stats
  const q = quantiles[column]
  if (q !== undefined) {
    const quantile = quantileOf(distribution, q)
    return quantile === undefined ? '–' : formatWithUnit(format, unit, quantile)
  }
  if (column === 'rate') {
    if (seconds === 0) return '–'
    return kind === 'counter'
      ? formatWithUnit(format, `${unit}/s`, value / seconds)
      : formatWithUnit(format, '1/s', count / seconds)
  }
  if (column === 'count') return format.count(count)
  if (!last) return '–'
  return formatWithUnit(format, unit, column === 'sum' || temporality === 'delta' ? value : last.value)
}

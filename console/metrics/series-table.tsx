import type { FC } from 'hono/jsx'
import { Service } from '../ui/service'
import type { View } from '../ui/view'
import { quantileOf } from './distribution'
import { type FoundSeries, labelText } from './find-series'
import type { Series } from './series'
import { texts } from './text'
import { amount } from './units'

const mostShown = 200

/** Each series with its labels and what it says, in columns that fit its kind. */
export const SeriesTable: FC<{ view: View; found: FoundSeries[]; shared: Series['labels'] }> = ({
  view,
  found,
  shared,
}) => {
  const text = texts[view.lang]
  const { columns } = text
  const kind = found[0]?.series.kind ?? 'gauge'
  const shown = found.slice(0, mostShown)
  const figures = columnsOf(kind)
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={columns.series}>
        <table class="series">
          <thead>
            <tr>
              <th>{columns.labels}</th>
              {figures.map((name) => (
                <th class="number">{name.startsWith('p') ? name : columns[name as keyof typeof columns]}</th>
              ))}
              <th>{columns.seen}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr data-row>
                <td>
                  <Service name={one.series.service} /> <Labels labels={without(one.series.labels, shared)} />
                </td>
                {figures.map((name) => (
                  <td class="number">{figureOf(view, name, one)}</td>
                ))}
                <td class="when">{view.format.ago(one.series.lastUs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {kind === 'histogram' && <p class="soft">{text.quantiles}</p>}
      {shown.length < found.length && <p class="more">{text.only(shown.length, found.length)}</p>}
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
          {labelText(value)}
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

function figureOf({ format }: View, column: Column, { series, figures }: FoundSeries): string {
  const { unit, kind, temporality } = series
  const { last, value, count, seconds, distribution } = figures
  const q = quantiles[column]
  if (q !== undefined) {
    const found = quantileOf(distribution, q)
    return found === undefined ? '–' : amount(format, unit, found)
  }
  if (column === 'rate') {
    if (seconds === 0) return '–'
    return kind === 'counter' ? amount(format, `${unit}/s`, value / seconds) : amount(format, '1/s', count / seconds)
  }
  if (column === 'count') return format.count(count)
  if (!last) return '–'
  return amount(format, unit, column === 'sum' || temporality === 'delta' ? value : last.value)
}

import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import type { TimeWindow } from '../ui/time-window'
import { Breakable } from './breakable'
import { quantileOf } from './distribution'
import { computeInstrumentStats, type Instrument, type InstrumentStats } from './find-instruments'
import { type Messages, messages } from './messages'
import type { MetricQuery } from './metric-query'
import { formatWithUnit } from './units'

interface TableProps {
  locale: Locale
  store: Store
  instruments: Instrument[]
  query: MetricQuery
  window: TimeWindow
}

const maxRows = 200
/** Instruments with more series are shown without values, because their sum takes about a second. */
const maxSeries = 2000

export const InstrumentTable: FC<TableProps> = ({ locale, store, instruments, query, window }) => {
  const text = messages[locale.lang]
  const { columns } = text
  const shown = instruments.slice(0, maxRows)
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={locale.messages.pages.metrics}>
        <table class="instruments">
          <thead>
            <tr>
              <th>{columns.name}</th>
              <th>{columns.kind}</th>
              <th class="number">{columns.last}</th>
              <th class="number">{columns.rate}</th>
              <th class="number">{columns.series}</th>
              <th>{columns.services}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((instrument) => {
              const hasValues = instrument.series <= maxSeries
              const stats = hasValues ? computeInstrumentStats(store.db, instrument, query.service, window) : undefined
              const href = link(paths.metrics, {
                name: instrument.name,
                service: query.service,
                window: window.seconds,
              })
              return <Row locale={locale} instrument={instrument} stats={stats} href={href} />
            })}
          </tbody>
        </table>
      </section>
      {shown.length < instruments.length && (
        <p class="more">{text.truncatedInstruments(shown.length, instruments.length)}</p>
      )}
    </>
  )
}

const Row: FC<{ locale: Locale; instrument: Instrument; stats: InstrumentStats | undefined; href: string }> = ({
  locale,
  instrument,
  stats,
  href,
}) => {
  const text = messages[locale.lang]
  const { name, description, unit, kind, services, series } = instrument
  return (
    <tr data-row>
      <td>
        <a class="mono" href={href}>
          <Breakable text={name} />
        </a>
        {description && <div class="soft about">{description}</div>}
      </td>
      <td>
        {text.kinds[kind]}
        {unit && <div class="mono soft">{unit}</div>}
      </td>
      <td class="number">{stats ? lastOf(locale, text, instrument, stats) : '–'}</td>
      <td class="number">{stats ? rateOf(locale, instrument, stats) : '–'}</td>
      <td class="number">{locale.format.count(series)}</td>
      <td>
        <div class="services">
          {services.map((service) => (
            <ServiceName name={service} />
          ))}
        </div>
      </td>
    </tr>
  )
}

function lastOf({ format }: Locale, text: Messages, { kind, unit }: Instrument, stats: InstrumentStats): string {
  const { low, high, total, distribution } = stats
  if (kind === 'histogram') {
    const [p50, p95] = [quantileOf(distribution, 0.5), quantileOf(distribution, 0.95)]
    if (p50 === undefined || p95 === undefined) return text.none
    return `p50 ${formatWithUnit(format, unit, p50)}, p95 ${formatWithUnit(format, unit, p95)}`
  }
  if (low > high) return '–'
  if (kind !== 'gauge') return formatWithUnit(format, unit, total)
  return low === high
    ? formatWithUnit(format, unit, low)
    : text.range(formatWithUnit(format, unit, low), formatWithUnit(format, unit, high))
}

function rateOf({ format }: Locale, { kind, unit }: Instrument, { perSecond }: InstrumentStats): string {
  if (kind === 'counter') return formatWithUnit(format, `${unit}/s`, perSecond)
  return kind === 'gauge' || kind === 'updowncounter' ? '–' : formatWithUnit(format, '1/s', perSecond)
}

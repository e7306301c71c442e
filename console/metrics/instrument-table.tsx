import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import type { View } from '../ui/view'
import type { Window } from '../ui/window'
import { Breakable } from './breakable'
import { quantileOf } from './distribution'
import { type Instrument, type Reading, readingOf } from './find-instruments'
import type { MetricQuery } from './page'
import { type Text, texts } from './text'
import { amount } from './units'

interface TableProps {
  view: View
  store: Store
  instruments: Instrument[]
  asked: MetricQuery
  window: Window
}

const mostShown = 200
/** Instruments with more series than these are read no further: their sum is not worth a second. */
const mostSeries = 2000

export const InstrumentTable: FC<TableProps> = ({ view, store, instruments, asked, window }) => {
  const text = texts[view.lang]
  const { columns } = text
  const shown = instruments.slice(0, mostShown)
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={view.text.pages.metrics}>
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
              const isRead = instrument.series <= mostSeries
              const reading = isRead ? readingOf(store.db, instrument, asked.service, window) : undefined
              const href = link(paths.metrics, {
                name: instrument.name,
                service: asked.service,
                window: window.seconds,
              })
              return <Row view={view} instrument={instrument} reading={reading} href={href} />
            })}
          </tbody>
        </table>
      </section>
      {shown.length < instruments.length && (
        <p class="more">{text.onlyInstruments(shown.length, instruments.length)}</p>
      )}
    </>
  )
}

const Row: FC<{ view: View; instrument: Instrument; reading: Reading | undefined; href: string }> = ({
  view,
  instrument,
  reading,
  href,
}) => {
  const text = texts[view.lang]
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
      <td class="number">{reading ? lastOf(view, text, instrument, reading) : '–'}</td>
      <td class="number">{reading ? rateOf(view, instrument, reading) : '–'}</td>
      <td class="number">{view.format.count(series)}</td>
      <td>
        <div class="services">
          {services.map((service) => (
            <Service name={service} />
          ))}
        </div>
      </td>
    </tr>
  )
}

function lastOf({ format }: View, text: Text, { kind, unit }: Instrument, reading: Reading): string {
  const { low, high, total, distribution } = reading
  if (kind === 'histogram') {
    const [p50, p95] = [quantileOf(distribution, 0.5), quantileOf(distribution, 0.95)]
    if (p50 === undefined || p95 === undefined) return text.none
    return `p50 ${amount(format, unit, p50)}, p95 ${amount(format, unit, p95)}`
  }
  if (low > high) return '–'
  if (kind !== 'gauge') return amount(format, unit, total)
  return low === high ? amount(format, unit, low) : text.range(amount(format, unit, low), amount(format, unit, high))
}

function rateOf({ format }: View, { kind, unit }: Instrument, { perSecond }: Reading): string {
  if (kind === 'counter') return amount(format, `${unit}/s`, perSecond)
  return kind === 'gauge' || kind === 'updowncounter' ? '–' : amount(format, '1/s', perSecond)
}

import type { FC } from 'hono/jsx'
import type { AxisAnnotation } from '../annotations/position-on-axis'
import { Breakable } from '../metrics/breakable'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { Sparkline } from '../ui/sparkline'
import { messages } from './messages'
import type { SortKey } from './red-metrics'
import type { RedMetrics, RedSource } from './red-types'

interface TableProps {
  locale: Locale
  rows: RedMetrics[]
  order: SortKey
  query: Record<string, string>
  sparkline: (red: RedMetrics) => number[]
  annotations: AxisAnnotation[]
}

export const RedTable: FC<TableProps> = ({ locale, rows, order, query, sparkline, annotations }) => {
  const { columns, sourceHelp, sources } = messages[locale.lang]
  const usedSources = (['metrics', 'spans'] as const).filter((source) => rows.some((red) => red.source === source))
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={locale.messages.pages.httpRequests}>
        <table class="red">
          <thead>
            <tr>
              <Sort by="service" class="">
                {columns.service}
              </Sort>
              <th>{columns.route}</th>
              <th class="number">{columns.count}</th>
              <Sort by="rate">{columns.rate}</Sort>
              <Sort by="errors">{columns.errors}</Sort>
              <th class="number">p50</th>
              <Sort by="p95">p95</Sort>
              <th class="number">p99</th>
              <th>{columns.history}</th>
              <th>{columns.source}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((red) => (
              <Row locale={locale} red={red} query={query} requests={sparkline(red)} annotations={annotations} />
            ))}
          </tbody>
        </table>
      </section>
      {usedSources.map((source) => (
        <p class="soft">
          <SourceBadge source={source} name={sources[source]} /> {sourceHelp[source]}
        </p>
      ))}
    </>
  )

  function Sort({ by, class: name = 'number', children }: { by: SortKey; class?: string; children?: string }) {
    return (
      <th class={name} aria-sort={by === order ? (by === 'service' ? 'ascending' : 'descending') : undefined}>
        <a href={link(paths.httpRequests, { ...query, sort: by })}>{children}</a>
      </th>
    )
  }
}

const Row: FC<{
  locale: Locale
  red: RedMetrics
  query: Record<string, string>
  requests: number[]
  annotations: AxisAnnotation[]
}> = ({ locale: { lang, format }, red, query, requests, annotations }) => {
  const text = messages[lang]
  const { service, route, source, count, errors, seconds, p50Us, p95Us, p99Us } = red
  return (
    <tr data-row class={errors > 0 ? 'bad-row' : undefined}>
      <td>
        <ServiceName name={service} />
      </td>
      <td>
        <a class="mono" href={link(paths.httpRequests, { window: query.window, sort: query.sort, service, route })}>
          <Breakable text={route} />
        </a>
      </td>
      <td class="number">{format.count(count)}</td>
      <td class="number">{format.rate(count, seconds)}</td>
      <td class={errors > 0 ? 'number bad' : 'number'}>
        {errors > 0 ? `${format.count(errors)} (${format.share(errors / count)})` : '0'}
      </td>
      <td class="number">{format.duration(p50Us)}</td>
      <td class="number">{format.duration(p95Us)}</td>
      <td class="number">{format.duration(p99Us)}</td>
      <td class="history">
        <Sparkline values={requests} label={text.sparklineLabel(format.count(count))} annotations={annotations} />
      </td>
      <td>
        <SourceBadge source={source} name={text.sources[source]} />
      </td>
    </tr>
  )
}

const SourceBadge: FC<{ source: RedSource; name: string }> = ({ source, name }) => (
  <span class={`badge from-${source}`}>{name}</span>
)

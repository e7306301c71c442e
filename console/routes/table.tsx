import type { FC } from 'hono/jsx'
import type { OnAxis } from '../marks/on-axis'
import { Breakable } from '../metrics/breakable'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import { Spark } from '../ui/spark'
import type { View } from '../ui/view'
import type { Order, Red, Source } from './red'
import { texts } from './text'

interface TableProps {
  view: View
  rows: Red[]
  order: Order
  query: Record<string, string>
  spark: (red: Red) => number[]
  marks: OnAxis[]
}

export const RedTable: FC<TableProps> = ({ view, rows, order, query, spark, marks }) => {
  const { columns, sourceHelp, sources } = texts[view.lang]
  const used = (['metrics', 'spans'] as const).filter((source) => rows.some((red) => red.source === source))
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={view.text.pages.routes}>
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
              <Row view={view} red={red} query={query} spark={spark(red)} marks={marks} />
            ))}
          </tbody>
        </table>
      </section>
      {used.map((source) => (
        <p class="soft">
          <SourceBadge source={source} name={sources[source]} /> {sourceHelp[source]}
        </p>
      ))}
    </>
  )

  function Sort({ by, class: name = 'number', children }: { by: Order; class?: string; children?: string }) {
    return (
      <th class={name} aria-sort={by === order ? (by === 'service' ? 'ascending' : 'descending') : undefined}>
        <a href={link(paths.routes, { ...query, sort: by })}>{children}</a>
      </th>
    )
  }
}

const Row: FC<{ view: View; red: Red; query: Record<string, string>; spark: number[]; marks: OnAxis[] }> = ({
  view: { lang, format },
  red,
  query,
  spark,
  marks,
}) => {
  const text = texts[lang]
  const { service, route, source, count, errors, seconds, p50Us, p95Us, p99Us } = red
  return (
    <tr data-row class={errors > 0 ? 'bad-row' : undefined}>
      <td>
        <Service name={service} />
      </td>
      <td>
        <a class="mono" href={link(paths.routes, { window: query.window, sort: query.sort, service, route })}>
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
        <Spark values={spark} label={text.spark(format.count(count))} marks={marks} />
      </td>
      <td>
        <SourceBadge source={source} name={text.sources[source]} />
      </td>
    </tr>
  )
}

const SourceBadge: FC<{ source: Source; name: string }> = ({ source, name }) => (
  <span class={`badge from-${source}`}>{name}</span>
)

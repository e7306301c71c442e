import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { ServiceName } from '../ui/service-name'
import type { MapEdge, MapNode, ServiceMap } from './find-service-map'
import type { MapLabels } from './labels'
import { messages } from './messages'

/** The map in words. */
export const MapTables: FC<{ locale: Locale; map: ServiceMap; words: MapLabels }> = ({
  locale,
  map: { nodes, edges },
  words,
}) => {
  const { calls, parts } = messages[locale.lang]
  return (
    <>
      {edges.length > 0 && (
        <>
          <h2>{calls}</h2>
          <section class="scroll" tabindex={0} aria-label={calls}>
            <Calls locale={locale} edges={edges} words={words} />
          </section>
        </>
      )}
      <h2>{parts}</h2>
      <section class="scroll" tabindex={0} aria-label={parts}>
        <Boxes locale={locale} boxes={nodes} words={words} />
      </section>
    </>
  )
}

const Calls: FC<{ locale: Locale; edges: MapEdge[]; words: MapLabels }> = ({ locale, edges, words }) => {
  const { columns, traces } = messages[locale.lang]
  return (
    <table>
      <thead>
        <tr>
          <th>{columns.from}</th>
          <th>{columns.to}</th>
          <th class="number">{columns.count}</th>
          <th class="number">{columns.rate}</th>
          <th class="number">{columns.errors}</th>
          <th class="number">p95</th>
          <th>{traces}</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <tr data-row class={edge.errors > 0 ? 'bad-row' : undefined}>
            <td>
              <ServiceName name={edge.from.name} />
            </td>
            <td>
              <Name box={edge.to} />
            </td>
            <td class="number">{locale.format.count(edge.count)}</td>
            <td class="number">{words.rate(edge.count)}</td>
            <td class={edge.errors > 0 ? 'number bad' : 'number'}>{words.errors(edge.errors, edge.count)}</td>
            <td class="number">{locale.format.duration(edge.p95Us)}</td>
            <td>
              <a href={words.edgeHref(edge)} aria-label={`${traces}: ${edge.from.name} → ${edge.to.name}`}>
                {traces}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Boxes: FC<{ locale: Locale; boxes: MapNode[]; words: MapLabels }> = ({ locale, boxes, words }) => {
  const { columns, kinds } = messages[locale.lang]
  return (
    <table>
      <thead>
        <tr>
          <th>{columns.name}</th>
          <th>{columns.kind}</th>
          <th class="number">{columns.requests}</th>
          <th class="number">{columns.rate}</th>
          <th class="number">{columns.errors}</th>
          <th class="number">p95</th>
          <th>{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {boxes.map((box) => (
          <tr data-row class={box.errors > 0 ? 'bad-row' : undefined}>
            <td>
              <a href={words.nodeHref(box)}>
                <Name box={box} />
              </a>
            </td>
            <td>{kinds[box.kind]}</td>
            <td class="number">{box.count > 0 ? locale.format.count(box.count) : '–'}</td>
            <td class="number">{box.count > 0 ? words.rate(box.count) : '–'}</td>
            <td class={box.errors > 0 ? 'number bad' : 'number'}>
              {box.count > 0 ? words.errors(box.errors, box.count) : '–'}
            </td>
            <td class="number">{box.count > 0 ? locale.format.duration(box.p95Us) : '–'}</td>
            <td>
              <State box={box} words={words} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const State: FC<{ box: MapNode; words: MapLabels }> = ({ box, words }) => {
  if (box.kind === 'database') return '–'
  const isFault = box.silentSinceUs !== undefined && !box.hasEnded
  return isFault ? <span class="badge warn">{words.state(box)}</span> : words.state(box)
}

// A colour is for what sends.
const Name: FC<{ box: MapNode }> = ({ box }) =>
  box.kind === 'service' && box.sendsTelemetry ? <ServiceName name={box.name} /> : <span>{box.name}</span>

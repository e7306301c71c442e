import type { FC } from 'hono/jsx'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import type { View } from '../ui/view'
import type { Mark } from './find-marks'
import { texts } from './text'

interface MarkListProps {
  view: View
  /** In order. */
  marks: Mark[]
}

const mostShown = 8

/** What the lines across curves mean, the newest first, each with its lines in the logs. */
export const MarkList: FC<MarkListProps> = ({ view, marks }) => {
  if (marks.length === 0) return null
  const text = texts[view.lang]
  return (
    <section class="panel marks" aria-labelledby="marks">
      <h2 id="marks">{text.title}</h2>
      <ol>
        {marks
          .slice(-mostShown)
          .toReversed()
          .map((mark) => (
            <Entry view={view} mark={mark} />
          ))}
      </ol>
    </section>
  )
}

const Entry: FC<{ view: View; mark: Mark }> = ({ view, mark }) => {
  const text = texts[view.lang]
  const { kind, services, untilUs } = mark
  return (
    <li class={`mark-${kind.color}`} data-row>
      <span class="when">{timeOf(view, mark)}</span>
      <span class="mark-text">
        <strong>{kind.title[view.lang]}</strong> {mark.text}{' '}
        {untilUs === undefined && <span class="badge warn">{text.goesOn}</span>}
      </span>
      <span class="mark-who">
        {services.map((name) => (
          <>
            <Service name={name} />{' '}
          </>
        ))}
        <a href={linesOf(mark)} aria-label={text.linesOf(mark.text)}>
          {text.lines}
        </a>
      </span>
    </li>
  )
}

function timeOf({ lang, format }: View, { fromUs, untilUs }: Mark): string {
  const text = texts[lang]
  const clock = (us: number) => format.time(us).replace(/[.,]\d{3}$/, '')
  if (untilUs === undefined) return text.since(clock(fromUs))
  if (untilUs === fromUs) return clock(fromUs)
  return text.from(clock(fromUs), clock(untilUs), format.duration(untilUs - fromUs))
}

function linesOf({ kind, services }: Mark): string {
  const name = kind.begins.replace(/[^.]*$/, '')
  return link(paths.logs, {
    q: kind.ends === undefined ? kind.begins : name,
    service: services.length === 1 && services[0],
  })
}

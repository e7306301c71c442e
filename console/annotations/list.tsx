import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import type { Annotation } from './find-annotations'
import { messages } from './messages'

interface MarkListProps {
  locale: Locale
  /** In order. */
  annotations: Annotation[]
}

const mostShown = 8

/** What the lines across curves mean, the newest first, each with its lines in the logs. */
export const AnnotationList: FC<MarkListProps> = ({ locale, annotations }) => {
  if (annotations.length === 0) return null
  const text = messages[locale.lang]
  return (
    <section class="panel marks" aria-labelledby="marks">
      <h2 id="marks">{text.title}</h2>
      <ol>
        {annotations
          .slice(-mostShown)
          .toReversed()
          .map((mark) => (
            <Entry locale={locale} mark={mark} />
          ))}
      </ol>
    </section>
  )
}

const Entry: FC<{ locale: Locale; mark: Annotation }> = ({ locale, mark }) => {
  const text = messages[locale.lang]
  const { kind, services, untilUs } = mark
  return (
    <li class={`mark-${kind.color}`} data-row>
      <span class="when">{timeOf(locale, mark)}</span>
      <span class="mark-text">
        <strong>{kind.title[locale.lang]}</strong> {mark.text}{' '}
        {untilUs === undefined && <span class="badge warn">{text.goesOn}</span>}
      </span>
      <span class="mark-who">
        {services.map((name) => (
          <>
            <ServiceName name={name} />{' '}
          </>
        ))}
        <a href={linesOf(mark)} aria-label={text.linesOf(mark.text)}>
          {text.lines}
        </a>
      </span>
    </li>
  )
}

function timeOf({ lang, format }: Locale, { fromUs, untilUs }: Annotation): string {
  const text = messages[lang]
  const clock = (us: number) => format.time(us).replace(/[.,]\d{3}$/, '')
  if (untilUs === undefined) return text.since(clock(fromUs))
  if (untilUs === fromUs) return clock(fromUs)
  return text.from(clock(fromUs), clock(untilUs), format.duration(untilUs - fromUs))
}

function linesOf({ kind, services }: Annotation): string {
  const name = kind.begins.replace(/[^.]*$/, '')
  return link(paths.logs, {
    q: kind.ends === undefined ? kind.begins : name,
    service: services.length === 1 && services[0],
  })
}

import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import type { Annotation } from './find-annotations'
import { messages } from './messages'

interface AnnotationListProps {
  locale: Locale
  /** In order of time. */
  annotations: Annotation[]
}

const maxShown = 8

/** Explains the annotations of the charts, the newest first, each with a link to its log records. */
export const AnnotationList: FC<AnnotationListProps> = ({ locale, annotations }) => {
  if (annotations.length === 0) return null
  const text = messages[locale.lang]
  return (
    <section class="panel annotations" aria-labelledby="annotations">
      <h2 id="annotations">{text.title}</h2>
      <ol>
        {annotations
          .slice(-maxShown)
          .toReversed()
          .map((annotation) => (
            <Entry locale={locale} annotation={annotation} />
          ))}
      </ol>
    </section>
  )
}

const Entry: FC<{ locale: Locale; annotation: Annotation }> = ({ locale, annotation }) => {
  const text = messages[locale.lang]
  const { kind, services, text: label, untilUs } = annotation
  return (
    <li class={`annotation-${kind.color}`} data-row>
      <span class="when">{formatTime(locale, annotation)}</span>
      <span class="annotation-text">
        <strong>{kind.title[locale.lang]}</strong> {label}{' '}
        {untilUs === undefined && <span class="badge warn">{text.ongoing}</span>}
      </span>
      <span class="annotation-service">
        {services.map((name) => (
          <>
            <ServiceName name={name} />{' '}
          </>
        ))}
        <a href={logsHref(annotation)} aria-label={text.logsOf(label)}>
          {text.logs}
        </a>
      </span>
    </li>
  )
}

function formatTime({ lang, format }: Locale, { fromUs, untilUs }: Annotation): string {
  const text = messages[lang]
  const clock = (us: number) => format.time(us).replace(/[.,]\d{3}$/, '')
  if (untilUs === undefined) return text.since(clock(fromUs))
  if (untilUs === fromUs) return clock(fromUs)
  return text.from(clock(fromUs), clock(untilUs), format.duration(untilUs - fromUs))
}

function logsHref({ kind, services }: Annotation): string {
  const name = kind.begins.replace(/[^.]*$/, '')
  return link(paths.logs, {
    q: kind.ends === undefined ? kind.begins : name,
    service: services.length === 1 && services[0],
  })
}

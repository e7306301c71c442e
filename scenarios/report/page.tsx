import type { FC } from 'hono/jsx'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'
import { reportLinks, stackStoppedNotice } from './links'
import { startDateOf } from './markdown'
import { formatSeconds, summaryOf, tableHeadings } from './summary'
import { timeline } from './timeline'

interface Props {
  courses: ScenarioRun[]
  /** Where its links lead; nothing where the stack has ended. */
  pages?: StackLinks | undefined
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430 }
table { border-collapse: collapse; font-size: .9rem } th, td { padding: .3rem .6rem; border-bottom: 1px solid #d8dee8; text-align: left }
.wide { overflow-x: auto } .ok { color: #1a7f4b } .no { color: #b3261e; font-weight: 600 }
section { margin: 2.5rem 0 } ol { list-style: none; padding: 0; border-left: 3px solid #d8dee8 } ol li { padding: .1rem 0 .1rem 1rem }
time { display: inline-block; min-width: 5rem; font-variant-numeric: tabular-nums }
@media (prefers-color-scheme: dark) { body { background: #10151d; color: #dfe6f0 } a { color: #8ab8ff } .ok { color: #5fd39a } .no { color: #ff8a80 } }
`

/** The report for a browser: one page, nothing else. */
export const ReportPage: FC<Props> = ({ courses, pages }) => (
  <html lang="fr">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Pannes provoquées</title>
      <style>{style}</style>
    </head>
    <body>
      <h1>Pannes provoquées</h1>
      <p>{startDateOf(courses)}</p>
      {!pages && <p>{stackStoppedNotice}</p>}
      <div class="wide">
        <table>
          <thead>
            <tr>
              {tableHeadings.map((heading) => (
                <th scope="col">{heading}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {courses.map((course) => (
              <Row course={course} />
            ))}
          </tbody>
        </table>
      </div>
      {courses.map((course) => (
        <Section course={course} pages={pages} />
      ))}
    </body>
  </html>
)

const Row: FC<{ course: ScenarioRun }> = ({ course }) => {
  const { name, ok, row } = summaryOf(course)
  return (
    <tr>
      <th scope="row">
        <a href={`#${name}`}>{name}</a>
      </th>
      {row.slice(1).map((cell, index) => (
        <td class={index === 0 ? (ok ? 'ok' : 'no') : ''}>{cell}</td>
      ))}
    </tr>
  )
}

const Section: FC<{ course: ScenarioRun; pages: StackLinks | undefined }> = ({ course, pages }) => {
  const { name, title, ok, missing, observations } = summaryOf(course)
  return (
    <section id={name}>
      <h2 class={ok ? 'ok' : 'no'}>{name}</h2>
      <p>{title}.</p>
      {missing.map((one) => (
        <p class="no">{one}</p>
      ))}
      <ol>
        {timeline(course).map(({ atS, text }) => (
          <li>
            <time>{formatSeconds(atS)}</time> {text}
          </li>
        ))}
      </ol>
      <ul>
        {observations.map((one) => (
          <li>{one}</li>
        ))}
      </ul>
      <ul>
        {reportLinks(course, pages).map(({ text, href }) => (
          <li>{href ? <a href={href}>{text}</a> : text}</li>
        ))}
      </ul>
    </section>
  )
}

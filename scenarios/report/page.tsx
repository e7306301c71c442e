import type { FC } from 'hono/jsx'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'
import { reportLinks, stackStoppedNotice } from './links'
import { startTimeOf } from './markdown'
import { formatSeconds, summaryOf, tableHeadings } from './summary'
import { timeline } from './timeline'

interface Props {
  runs: ScenarioRun[]
  /** `undefined` where the stack has stopped. */
  links?: StackLinks | undefined
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430 }
table { border-collapse: collapse; font-size: .9rem } th, td { padding: .3rem .6rem; border-bottom: 1px solid #d8dee8; text-align: left }
.wide { overflow-x: auto } .ok { color: #1a7f4b } .no { color: #b3261e; font-weight: 600 }
section { margin: 2.5rem 0 } ol { list-style: none; padding: 0; border-left: 3px solid #d8dee8 } ol li { padding: .1rem 0 .1rem 1rem }
time { display: inline-block; min-width: 5rem; font-variant-numeric: tabular-nums }
@media (prefers-color-scheme: dark) { body { background: #10151d; color: #dfe6f0 } a { color: #8ab8ff } .ok { color: #5fd39a } .no { color: #ff8a80 } }
`

/** The report as one HTML page without other files. */
export const ReportPage: FC<Props> = ({ runs, links }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Fault scenarios</title>
      <style>{style}</style>
    </head>
    <body>
      <h1>Fault scenarios</h1>
      <p>{startTimeOf(runs)}</p>
      {!links && <p>{stackStoppedNotice}</p>}
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
            {runs.map((run) => (
              <Row run={run} />
            ))}
          </tbody>
        </table>
      </div>
      {runs.map((run) => (
        <Section run={run} links={links} />
      ))}
    </body>
  </html>
)

const Row: FC<{ run: ScenarioRun }> = ({ run }) => {
  const { name, ok, row } = summaryOf(run)
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

const Section: FC<{ run: ScenarioRun; links: StackLinks | undefined }> = ({ run, links }) => {
  const { name, title, ok, missing, observations } = summaryOf(run)
  return (
    <section id={name}>
      <h2 class={ok ? 'ok' : 'no'}>{name}</h2>
      <p>{title}.</p>
      {missing.map((one) => (
        <p class="no">{one}</p>
      ))}
      <ol>
        {timeline(run).map(({ atS, text }) => (
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
        {reportLinks(run, links).map(({ text, href }) => (
          <li>{href ? <a href={href}>{text}</a> : text}</li>
        ))}
      </ul>
    </section>
  )
}

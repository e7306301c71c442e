import { describe, expect, test } from 'bun:test'
import { readEndpoints } from '../../stack/endpoints'
import type { StackLinks } from '../../stack/links'
import { exampleRun, scenario } from '../example-run'
import type { ScenarioRun } from '../verdict'
import { renderMarkdown } from './markdown'
import { ReportPage } from './page'
import { createProgressPrinter, timeline } from './timeline'

describe('the timeline', () => {
  test('lists all events in order', () => {
    expect(timeline(exampleRun).map(({ atS, text }) => `${atS} ${text}`)).toEqual([
      ...['0 fault injected', '0.2 first bad trace', '0.3 first log record'],
      ...['34 ServiceDown product-service pending', '44.5 ServiceDown product-service firing'],
      ...['45 ServiceDown product-service notified', '46 runbook ServiceDown names the cause'],
      ...['47 runbook ServiceDown: 2 of 2 queries returned rows', '50 fault reverted'],
      '58 ServiceDown product-service resolved',
    ])
  })

  test('is printed event by event, each of them once', () => {
    const lines: string[] = []
    const printTimeline = createProgressPrinter((line) => lines.push(line))
    printTimeline({ ...exampleRun, watched: [] })
    printTimeline(exampleRun)
    printTimeline(exampleRun)
    expect(lines.filter((line) => line.includes('first bad trace'))).toHaveLength(1)
    expect(lines).toHaveLength(new Set(lines).size)
  })
})

describe('the report', async () => {
  const endpoints = await readEndpoints({})
  const links: StackLinks = {
    trace: (id) => `http://pages/trace/${id}`,
    logs: ({ text }) => `http://pages/lines/${encodeURIComponent(text)}`,
    graph: (expr) => `http://pages/graph/${encodeURIComponent(expr)}`,
  }
  const failedRun: ScenarioRun = { ...exampleRun, scenario: { ...scenario, name: 'worse' }, evidence: {} }

  test('in Markdown counts the runs, describes each one, and links to trace, alerts and runbook', () => {
    const text = renderMarkdown([exampleRun, failedRun], endpoints, links, 'runbooks/')
    expect(text).toContain('# Fault scenarios: 1 of 2 passed')
    expect(text).toContain(
      '| broken | passed | ServiceDown | 0.2 s | 44.5 s | 45.0 s | 8.0 s | 40 of 100 | 3 / 3 | 0, 0 | correct |',
    )
    expect(text).toContain('## ✗ worse')
    expect(text).toContain('**no trace of frontend')
    expect(text).toContain(`(http://pages/trace/${'a'.repeat(32)})`)
    expect(text).toContain('(runbooks/ServiceDown.md)')
    expect(text).toContain('the first one names the cause 1.5 s after firing')
    expect(text).toContain('{service_name="product-service"} 46')
  })

  test('of a stack that has stopped has no links into it, and explains how to get them', () => {
    const text = renderMarkdown([exampleRun], endpoints, undefined, 'runbooks/')
    expect(text).toContain('bun run stack --shrink 60 and bun run dev before bun run scenario')
    expect(text).toContain('log records: {service_name="frontend"}')
    expect(text.match(/\]\([^)]*\)/g)).toEqual(['](runbooks/ServiceDown.md)'])
  })

  test('in HTML is one page without other files, and escapes texts', async () => {
    const page = String(await ReportPage({ runs: [exampleRun, failedRun], links }))
    expect(page).toContain('everything is &lt;broken&gt;')
    expect(page).toContain('GET / &lt;503&gt;')
    expect(page).toContain('<a href="#worse">')
    expect(page).not.toMatch(/<(script|link)|src=/)
  })
})

import { describe, expect, test } from 'bun:test'
import { alerts } from '../observability/alerts'
import { alertCases } from '../observability/alerts/cases'
import { readEndpoints } from '../stack/endpoints'
import type { StackLinks } from '../stack/links'
import {
  type ActiveAlert,
  type AlertNotification,
  type AlertObservation,
  observe,
  type WatchedAlert,
} from './alert-watch'
import { pickRandomScenario } from './blind'
import { scenarios } from './catalog'
import type { Scenario } from './contract'
import { renderMarkdown } from './report/markdown'
import { ReportPage } from './report/page'
import { createProgressPrinter } from './report/progress'
import { timeline } from './report/timeline'
import type { RunbookCheck } from './runbook-check'
import { type ScenarioRun, verdictOf } from './verdict'

const onsetMs = Date.parse('2026-11-25T10:00:00Z')
const at = (s: number) => onsetMs + s * 1000
const iso = (s: number) => new Date(at(s)).toISOString()
const labels = { alertname: 'ServiceDown', service_name: 'product-service' }
const active = (state: ActiveAlert['state'], sinceS: number, more = {}): ActiveAlert => ({
  ...{ labels: { ...labels, ...more }, state, activeAt: iso(sinceS) },
})
const told = (status: AlertNotification['status'], receivedS: number): AlertNotification => ({
  ...{ labels, status, startsAt: iso(0), receivedAt: iso(receivedS) },
})
const cause = { service_name: 'product-service' }
const expected = { name: 'ServiceDown', labels: cause, firingWithinS: 60 }
const queries = ['silent', 'last words'].map((text) => ({ query: { kind: 'promql' as const, text } }))
const reading: RunbookCheck = {
  ...{ expected, cause, causeNamedMs: at(46), firstRow: { labels: cause, text: '46' } },
  queries: queries.map((one, index) => ({ ...one, firstResultMs: at(46 + index) })),
}
const scenario: Scenario = {
  ...{ name: 'broken', title: 'tout est <cassé>', alerts: [expected], inject() {} },
  span: { service: 'frontend', tags: { error: 'true' } },
  log: '{service_name="frontend"}',
}
const audit = { confirmed: 3, stored: 3, refused: 0, unanswered: 0, lost: 0, doubled: 0, unsettled: 0, miscounted: 0 }

const good: ScenarioRun = {
  ...{ scenario, onsetMs, endMs: at(50), otherAlerts: [], errors: [], shopperRequests: { requests: 100, failed: 40 } },
  watched: [{ expected, pendingMs: at(34), firingMs: at(44.5), notifiedMs: at(45), resolvedMs: at(58) }],
  evidence: {
    trace: { id: 'a'.repeat(32), atMs: at(0.2), service: 'frontend', name: 'GET /' },
    line: { text: 'GET / <503>', service: 'frontend', atMs: at(0.3) },
  },
  runbookChecks: [reading],
  audit: { ok: true, ...audit },
}

describe('an alert that is watched', () => {
  const look = (watched: WatchedAlert, nowS: number, sight: Partial<AlertObservation>) =>
    observe(watched, { active: [], notifications: [], nowMs: at(nowS), onsetMs, endMs: undefined, ...sight })

  test('is pending, fires, is told, and is over when it is gone after the end', () => {
    const watched: WatchedAlert = { expected }
    look(watched, 5, { active: [active('firing', 1, { service_name: 'frontend' })] })
    expect(watched).toEqual({ expected })
    look(watched, 35, { active: [active('pending', 34)] })
    look(watched, 45, { active: [active('firing', 34)] })
    look(watched, 46, { active: [active('firing', 34)], notifications: [told('firing', 45.5)] })
    look(watched, 55, { endMs: at(50), notifications: [told('resolved', 54)] })
    expect(watched).toEqual({
      ...{
        expected,
        firedBefore: false,
        pendingMs: at(34),
        firingMs: at(45),
        notifiedMs: at(45.5),
        resolvedMs: at(55),
      },
    })
  })

  test('that fires again after the end is not over, and one that fired before the onset is said to have', () => {
    const watched: WatchedAlert = { expected }
    look(watched, 1, { active: [active('firing', -20)], notifications: [told('firing', -10)] })
    expect(watched).toMatchObject({ firedBefore: true, pendingMs: onsetMs })
    expect(watched.notifiedMs).toBeUndefined()
    look(watched, 52, { endMs: at(50) })
    look(watched, 57, { endMs: at(50), active: [active('firing', 53)] })
    expect(watched.resolvedMs).toBeUndefined()
  })
})

describe('a verdict', () => {
  test('holds when all was seen in time, and has the times of the first alert', () => {
    expect(verdictOf(good)).toMatchObject({ scenario: 'broken', ok: true, firing_s: 44.5, resolved_s: 8, missing: [] })
  })

  test('asks of one that somebody guessed early only that no order is lost', () => {
    const early = { ...good, watched: [{ expected }], evidence: {}, runbookChecks: [], guess: 'product-service' }
    expect(verdictOf(early)).toMatchObject({ ok: true, firing_s: null })
    expect(verdictOf({ ...early, endMs: at(120) }).ok).toBe(false)
    expect(verdictOf({ ...early, audit: { ...audit, ok: false, lost: 1 } }).ok).toBe(false)
  })

  test.each([
    ['never fired', { watched: [{ expected }] }, 'ne s’est pas déclenchée'],
    ['late', { watched: [{ ...good.watched[0], expected, firingMs: at(61) }] }, 'après 61 s, pas en 60 s'],
    ['told nobody', { watched: [{ expected, firingMs: at(9), resolvedMs: at(58) }] }, 'n’a été notifiée à personne'],
    ['not over', { watched: [{ expected, firingMs: at(9), notifiedMs: at(9) }] }, 'n’était pas finie 120 s après'],
    ['no trace', { evidence: { line: good.evidence.line } }, 'aucune trace de frontend'],
    ['no line', { evidence: { trace: good.evidence.trace } }, 'aucune ligne'],
    ['noticed', { scenario: { ...scenario, shoppersUnaffected: true } }, '40 demandes de clients sur 100 ont échoué'],
    [
      'an answer of the runbook that names another',
      {
        runbookChecks: [
          { ...reading, causeNamedMs: undefined, firstRow: { labels: { service_name: 'frontend' }, text: '40' } },
        ],
      },
      'ne nomme pas {service_name="product-service"} en 60 s\u202f; elle dit {service_name="frontend"} 40',
    ],
    [
      'a query of the runbook without an answer',
      { runbookChecks: [{ ...reading, queries: [reading.queries[0], queries[1]] }] },
      'requête sans réponse en 60 s\u00a0: last words',
    ],
    [
      'a query of the runbook that no server takes',
      { runbookChecks: [{ ...reading, queries: [reading.queries[0], { ...queries[1], error: 'parse error' }] }] },
      'requête qui échoue\u00a0: last words (parse error)',
    ],
    ['lost orders', { audit: { ...audit, ok: false, lost: 2 } }, '2 commandes confirmées à leurs clients manquent'],
    ['no audit', { audit: undefined }, 'les comptes n’ont pas pu être faits'],
    ['an error', { errors: ['mysql-order does not run'] }, 'mysql-order does not run'],
  ])('fails, and says why: %s', (_what, other, text) => {
    const { ok, missing } = verdictOf({ ...good, ...other } as ScenarioRun)
    expect(ok).toBe(false)
    expect(missing).toHaveLength(1)
    expect(missing[0]).toContain(text)
  })
})

describe('the timeline', () => {
  test('has everything in its order, from onset to over', () => {
    expect(timeline(good).map(({ atS, text }) => `${atS} ${text}`)).toEqual([
      ...['0 début de la panne', '0.2 première trace fautive', '0.3 première ligne de journal'],
      ...['34 ServiceDown product-service en attente', '44.5 ServiceDown product-service déclenchée'],
      ...['45 ServiceDown product-service notifiée', '46 le runbook ServiceDown nomme la cause'],
      ...[
        '47 le runbook ServiceDown a répondu à 2\u00a0requêtes',
        '50 fin de la panne',
        '58 ServiceDown product-service finie',
      ],
    ])
  })

  test('is said once, as it becomes known', () => {
    const lines: string[] = []
    const show = createProgressPrinter((line) => lines.push(line))
    show({ ...good, watched: [] })
    show(good)
    show(good)
    expect(lines.filter((line) => line.includes('première trace'))).toHaveLength(1)
    expect(lines).toHaveLength(new Set(lines).size)
  })
})

describe('the report', async () => {
  const places = await readEndpoints({})
  const pages: StackLinks = {
    trace: (id) => `http://pages/trace/${id}`,
    logs: ({ text }) => `http://pages/lines/${encodeURIComponent(text)}`,
    graph: (expr) => `http://pages/curve/${encodeURIComponent(expr)}`,
  }
  const bad: ScenarioRun = { ...good, scenario: { ...scenario, name: 'worse' }, evidence: {} }

  test('of Markdown counts, tells each course, and leads to trace, alerts and runbook', () => {
    const text = renderMarkdown([good, bad], places, pages, 'runbooks/')
    expect(text).toContain('# Pannes provoquées\u00a0: 1 sur 2 vues comme prévu')
    expect(text).toContain(
      '| broken | tenu | ServiceDown | 0,2\u00a0s | 44,5\u00a0s | 45,0\u00a0s | 8,0\u00a0s | 40 sur 100 | 3 / 3 | 0, 0 | juste |',
    )
    expect(text).toContain('## ✗ worse')
    expect(text).toContain('**aucune trace de frontend')
    expect(text).toContain(`(http://pages/trace/${'a'.repeat(32)})`)
    expect(text).toContain('(runbooks/ServiceDown.md)')
    expect(text).toContain('la première nomme la cause 1,5\u00a0s après le déclenchement')
    expect(text).toContain('{service_name="product-service"} 46')
  })

  test('of a stack that ended with its run links to nothing that is gone, and says what to do for links', () => {
    const text = renderMarkdown([good], places, undefined, 'runbooks/')
    expect(text).toContain('bun run stack --shrink 60 et bun run dev avant bun run scenario')
    expect(text).toContain('les lignes\u00a0: {service_name="frontend"}')
    expect(text.match(/\]\([^)]*\)/g)).toEqual(['](runbooks/ServiceDown.md)'])
  })

  test('has French typography, but where it quotes', () => {
    const page = renderMarkdown([good, { ...bad, guess: 'rien ?' }], places, undefined, 'runbooks')
    const own = page.replace(/«\u00a0.*?\u00a0»|\{.*?\}|\(http.*?\)/g, '')
    expect(own).toContain('Deviné\u00a0:')
    expect(own.match(/.{0,20}(?: [:;!?%»]|« |[a-zé]'|\.\.\.).{0,20}/g)).toBeNull()
  })

  test('of HTML is one page of its own that shows what it was given as text', async () => {
    const page = String(await ReportPage({ courses: [good, bad], pages }))
    expect(page).toContain('tout est &lt;cassé&gt;')
    expect(page).toContain('GET / &lt;503&gt;')
    expect(page).toContain('<a href="#worse">')
    expect(page).not.toMatch(/<(script|link)|src=/)
  })
})

describe('the scenarios', () => {
  test('are picked blindly among those that can be played here', async () => {
    const only = (name: string) => async (one: Scenario) => (one.name === name ? undefined : 'not here')
    for (let n = 0; n < 20; n++) expect((await pickRandomScenario(scenarios, only('lock-wait'))).name).toBe('lock-wait')
    await expect(pickRandomScenario(scenarios, only('none of them'))).rejects.toThrow('no scenario can be played here')
    // Whether a spike is one shows only beside what is usual.
    await expect(pickRandomScenario(scenarios, only('traffic-spike'))).rejects.toThrow('no scenario')
  })

  test('have names of their own, by which their files are called', async () => {
    const names = scenarios.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(await Bun.file(`scenarios/catalog/${name}.ts`).exists()).toBe(true)
  })

  test.each(scenarios)('$name: its runbook names its cause', ({ alerts: [first] }) => {
    const cause = typeof first.cause === 'function' ? 'known when it is played' : Object.values(first.cause ?? {})
    expect(cause).not.toHaveLength(0)
  })

  // No server here can be broken so that this way alone is closed: without Prometheus nobody judges.
  const byRulesOnly = ['MetricsNotArriving']

  test.each(alerts)('$name is earned by one of them, and tested by a rule', ({ name }) => {
    const isEarned = scenarios.some((one) => one.alerts.some((alert) => alert.name === name))
    expect(isEarned).toBe(!byRulesOnly.includes(name))
    expect(alertCases[name]).toBeDefined()
  })
})

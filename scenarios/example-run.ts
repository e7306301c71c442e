import type { AuditResult } from './audit'
import type { ExpectedAlert, Scenario } from './contract'
import type { RunbookCheck } from './runbook-check'
import type { ScenarioRun } from './verdict'

/** A run that meets all expectations, for tests. */

export const onsetMs = Date.parse('2026-11-25T10:00:00Z')
export const at = (s: number) => onsetMs + s * 1000

export const cause = { service_name: 'product-service' }
export const expected: ExpectedAlert = { name: 'ServiceDown', labels: cause, firingWithinS: 60 }

export const check: RunbookCheck = {
  ...{ expected, cause, causeNamedMs: at(46), firstRow: { labels: cause, text: '46' } },
  queries: ['up == 0', 'rate(errors[1m])'].map((text, index) => ({
    query: { kind: 'promql', text },
    firstResultMs: at(46 + index),
  })),
}

export const scenario: Scenario = {
  ...{ name: 'broken', title: 'everything is <broken>', alerts: [expected], inject() {} },
  span: { service: 'frontend', tags: { error: 'true' } },
  log: '{service_name="frontend"}',
}

export const audit: AuditResult = {
  ok: true,
  ...{ confirmed: 3, stored: 3, refused: 0, unanswered: 0, lost: 0, doubled: 0, unsettled: 0, miscounted: 0 },
}

export const exampleRun: ScenarioRun = {
  ...{ scenario, onsetMs, endMs: at(50), otherAlerts: [], errors: [], shopperRequests: { requests: 100, failed: 40 } },
  watched: [{ expected, pendingMs: at(34), firingMs: at(44.5), notifiedMs: at(45), resolvedMs: at(58) }],
  evidence: {
    trace: { id: 'a'.repeat(32), atMs: at(0.2), service: 'frontend', name: 'GET /' },
    line: { text: 'GET / <503>', service: 'frontend', atMs: at(0.3) },
  },
  runbookChecks: [check],
  audit,
}

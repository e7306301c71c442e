import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { createRuleEvaluator } from './alerts/evaluate-rules'
import { createMergedAlerts } from './alerts/merged-alerts'
import { alertsPage } from './alerts/page'
import { createReceivedAlerts } from './alerts/received-alerts'
import { alertRoutes } from './alerts/routes'
import { apiRoutes } from './api/routes'
import { assets } from './assets'
import { costPage } from './cost/page'
import { errorsPage } from './errors/page'
import { eventStream } from './event-stream'
import type { createForwarder } from './forward'
import { httpRequestsPage } from './http-requests/page'
import { logSource } from './logs/log-source'
import { logsPage } from './logs/page'
import { lokiApi } from './loki-api/routes'
import { mapPage } from './map/page'
import { metricsPage } from './metrics/page'
import { overviewPage } from './overview/page'
import { queriesPage } from './queries/page'
import { type OtlpReceiverOptions, otlpReceiver } from './receive/routes'
import { requireLocalhost } from './require-localhost'
import { runbookPage } from './runbooks/page'
import type { Runbooks } from './runbooks/read-runbooks'
import type { Store } from './store'
import { traceAsMarkdown, traceAsOtlp } from './trace/export'
import { tracePage } from './trace/page'
import { tracesPage } from './traces/page'
import { errorPage, notFoundPage } from './ui/error-pages'
import { language } from './ui/locale'
import { paths } from './ui/paths'
import { type Views, viewsSchema } from './views'

export interface ConsoleOptions {
  store: Store
  limits?: OtlpReceiverOptions['limits']
  /** Panels, annotations and alert rules of the observed program. */
  views?: Views
  /** Pages for the links of alerts. */
  runbooks?: Runbooks
  /** Forwards accepted export requests to another receiver. */
  forwarder?: ReturnType<typeof createForwarder>
}

/** Pages load nothing from other sites, and other sites can't frame them. */
const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

/** The console: receives OTLP and the webhooks of an Alertmanager, and serves pages and APIs. */
export function createConsole({
  store,
  limits,
  views = viewsSchema.parse({}),
  runbooks = new Map(),
  forwarder,
}: ConsoleOptions) {
  const ownAlerts = createRuleEvaluator(store.db, views.rules, store.countAlerts)
  const receivedAlerts = createReceivedAlerts()
  const alerts = createMergedAlerts(ownAlerts, receivedAlerts, runbooks)
  // Evaluates without open pages too, because an alert shows since when it fires.
  store.onTick(() => ownAlerts.evaluate())
  const forward = forwarder?.forward
  store.forwarding = forwarder?.state
  const app = new Hono()
    .use(requireLocalhost)
    .route('/', otlpReceiver({ sink: store.sink, ...(limits && { limits }), ...(forward && { forward }) }))
    .get('/ready', (c) => c.json({ console: 'vitrine' }))
    .use(securityHeaders)
    .route('/', assets)
    .get(paths.events, eventStream(store))
    .route('/', alertRoutes(store, receivedAlerts, alerts))
    .route('/', apiRoutes(store, views.rules))
    .route('/', lokiApi({ source: logSource(store.db) }))
    .use(language)
    .get(paths.overview, overviewPage(store, alerts, views))
    .get(paths.alerts, alertsPage(store, alerts))
    .get(paths.traces, tracesPage(store))
    .get(paths.trace, tracePage(store))
    .get(paths.traceMarkdown, traceAsMarkdown(store))
    .get(paths.traceOtlp, traceAsOtlp(store))
    .get(paths.logs, logsPage(store))
    .get(paths.queries, queriesPage(store))
    .get(paths.errors, errorsPage(store))
    .get(paths.cost, costPage(store))
    .get(paths.httpRequests, httpRequestsPage(store, views.annotations))
    .get(paths.metrics, metricsPage(store, views.annotations))
    .get(paths.map, mapPage(store, views.rules))
    .get(paths.runbooks, runbookPage(store, runbooks))
    .get(paths.runbook, runbookPage(store, runbooks))
  app.notFound(notFoundPage(store))
  app.onError(errorPage(store))
  return app
}

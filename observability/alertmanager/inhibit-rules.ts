/** While an alert that matches the source fires, alerts that match the target are not notified. */
export interface InhibitRule {
  source_matchers: string[]
  target_matchers: string[]
  equal?: string[]
}

// The direct and indirect callers of a service, which fail when it fails.
const callers: Record<string, string[]> = {
  'user-service': ['frontend', 'order-service'],
  'product-service': ['frontend', 'order-service'],
  'order-service': ['frontend'],
}

// Callers are slow and respond with 5xx. Problems of their own databases are still notified.
const callerAlerts = [
  ...['HighErrorRate', 'HighLatency'],
  ...['SLOErrorBudgetFastBurn', 'SLOErrorBudgetSlowBurn', 'SLOLatencyBurn'],
]
const ownAlerts = [...callerAlerts, 'DatabaseSlow', 'DatabasePoolExhausted', 'TelemetryDropped']
// Alerts of the whole shop, which needs all four services. Not CheckoutFailures: ServiceDown of a service that was stopped on
// purpose fires for a day, and failing orders must be notified in any case.
const shopAlerts = ['LowConversion', 'RequestRateAnomaly']
// Alerts that missing metrics cause.
const missingMetricsAlerts = ['ServiceDown', 'LowConversion', 'RequestRateAnomaly']
const collectorDownAlerts = [
  ...[...missingMetricsAlerts, 'MetricsNotArriving'],
  ...['CollectorExportFailing', 'CollectorQueueFilling', 'TelemetryDropped'],
]

/**
 * One notification for a cause and none for its consequences. Consequences are shown in Alertmanager, and notified when they
 * outlast the cause. ServiceDown is inhibited only when metrics cannot arrive.
 */
export const inhibitRules: InhibitRule[] = [
  { source_matchers: [is('CollectorDown')], target_matchers: [isOneOf(collectorDownAlerts)] },
  { source_matchers: [is('MetricsNotArriving')], target_matchers: [isOneOf(missingMetricsAlerts)] },
  {
    source_matchers: [is('MetricsNotArriving')],
    target_matchers: [isOneOf(['CollectorExportFailing', 'CollectorQueueFilling'])],
    equal: ['exporter'],
  },
  { source_matchers: [is('ServiceDown')], target_matchers: [isOneOf(ownAlerts)], equal: ['service_name'] },
  ...Object.entries(callers).map(([service, names]) => ({
    source_matchers: [is('ServiceDown'), `service_name="${service}"`],
    target_matchers: [isOneOf(callerAlerts), `service_name=~"${names.join('|')}"`],
  })),
  { source_matchers: [is('ServiceDown')], target_matchers: [isOneOf(shopAlerts)] },
  {
    source_matchers: [is('SLOErrorBudgetFastBurn')],
    target_matchers: [is('SLOErrorBudgetSlowBurn')],
    equal: ['service_name', 'slo'],
  },
  // The same alert in two severities: only the critical one is notified.
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity=~"warning|info"'],
    equal: ['alertname', 'service_name'],
  },
]

function is(name: string): string {
  return `alertname="${name}"`
}

function isOneOf(names: string[]): string {
  return `alertname=~"${names.join('|')}"`
}

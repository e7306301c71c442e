/** While an alert that matches the source fires, nobody is told of those that match the target. */
export interface InhibitRule {
  source_matchers: string[]
  target_matchers: string[]
  equal?: string[]
}

// Whom a service's failure makes fail: who calls it, at once or through others.
const callers: Record<string, string[]> = {
  'user-service': ['frontend', 'order-service'],
  'product-service': ['frontend', 'order-service'],
  'order-service': ['frontend'],
}

// Callers wait, and answer 5xx. Their databases have troubles of their own, and those are told.
const ofCallers = [
  ...['HighErrorRate', 'HighLatency'],
  ...['SLOErrorBudgetFastBurn', 'SLOErrorBudgetSlowBurn', 'SLOLatencyBurn'],
]
const ofItsOwn = [...ofCallers, 'DatabaseSlow', 'DatabasePoolExhausted', 'TelemetryDropped']
// Orders need all four, and traffic moves everywhere. Not CheckoutFailures: a service that was stopped on purpose is down for
// a day, silenced or not, and a shop that does not sell is told whatever else is.
const ofTheShop = ['LowConversion', 'RequestRateAnomaly']
// What is said of a system from which nothing comes.
const ofMissingMetrics = ['ServiceDown', 'LowConversion', 'RequestRateAnomaly']
const ofBlindness = [
  ...[...ofMissingMetrics, 'MetricsNotArriving'],
  ...['CollectorExportFailing', 'CollectorQueueFilling', 'TelemetryDropped'],
]

/**
 * One page for a cause, none for its consequences: they are seen in Alertmanager, and told when they outlive the cause. A
 * ServiceDown is no consequence of anything but of blindness: no collector, or none that reaches Prometheus.
 */
export const inhibitRules: InhibitRule[] = [
  { source_matchers: [is('CollectorDown')], target_matchers: [isOneOf(ofBlindness)] },
  { source_matchers: [is('MetricsNotArriving')], target_matchers: [isOneOf(ofMissingMetrics)] },
  {
    source_matchers: [is('MetricsNotArriving')],
    target_matchers: [isOneOf(['CollectorExportFailing', 'CollectorQueueFilling'])],
    equal: ['exporter'],
  },
  { source_matchers: [is('ServiceDown')], target_matchers: [isOneOf(ofItsOwn)], equal: ['service_name'] },
  ...Object.entries(callers).map(([service, theirs]) => ({
    source_matchers: [is('ServiceDown'), `service_name="${service}"`],
    target_matchers: [isOneOf(ofCallers), `service_name=~"${theirs.join('|')}"`],
  })),
  { source_matchers: [is('ServiceDown')], target_matchers: [isOneOf(ofTheShop)] },
  {
    source_matchers: [is('SLOErrorBudgetFastBurn')],
    target_matchers: [is('SLOErrorBudgetSlowBurn')],
    equal: ['service_name', 'slo'],
  },
  // One alert in two severities: the worse one is told.
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

/** While an alert that matches the source fires, nobody is told of those that match the target. */
export interface Inhibition {
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

// What a service's death does to its own figures. ServiceDown is no consequence of anything but a blind collector.
const ofItsOwn = [
  ...['HighErrorRate', 'HighLatency', 'SLOErrorBudgetFastBurn', 'SLOErrorBudgetSlowBurn', 'SLOLatencyBurn'],
  ...['CheckoutFailures', 'LowConversion', 'DatabaseSlow', 'DatabasePoolExhausted', 'TelemetryDropped'],
  'RequestRateAnomaly',
]
// … and to callers'. Their databases have troubles of their own, and those are told.
const ofCallers = ofItsOwn.filter((name) => !/^(Database|Telemetry)/.test(name))
// What is said of a system from which nothing comes.
const ofBlindness = [
  ...['ServiceDown', 'RequestRateAnomaly', 'LowConversion'],
  ...['CollectorExportFailing', 'CollectorQueueFilling', 'TelemetryDropped'],
]

/** One page for a cause, none for its consequences: they are seen in Alertmanager, and told when they outlive the cause. */
export const inhibitions: Inhibition[] = [
  { source_matchers: [is('CollectorDown')], target_matchers: [isOneOf(ofBlindness)] },
  { source_matchers: [is('ServiceDown')], target_matchers: [isOneOf(ofItsOwn)], equal: ['service_name'] },
  ...Object.entries(callers).map(([service, theirs]) => ({
    source_matchers: [is('ServiceDown'), `service_name="${service}"`],
    target_matchers: [isOneOf(ofCallers), `service_name=~"${theirs.join('|')}"`],
  })),
  // Orders and carts are everybody's: what counts them may bear no service's name.
  {
    source_matchers: [is('ServiceDown')],
    target_matchers: [isOneOf(['CheckoutFailures', 'LowConversion']), 'service_name=""'],
  },
  {
    source_matchers: [is('SLOErrorBudgetFastBurn')],
    target_matchers: [is('SLOErrorBudgetSlowBurn')],
    equal: ['service_name', 'sli'],
  },
  // One family of which one is worse: the worse one is told.
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

import { createTelemetry, type SamplingRule, type Telemetry } from '@vitrine/telemetry'
import { name as namespace, version } from '../package.json'

/** The key of baggage that says which load test a request belongs to. */
export const loadTestKey = 'loadtest.run'

/**
 * The telemetry of one service of Vitrine.
 * @param rules the share of traces that some routes keep; `VITRINE_TRACES_RULES` comes before them.
 */
export const startTelemetry = (service: string, rules: SamplingRule[] = []): Telemetry =>
  createTelemetry({ service, namespace, version, rules, baggageAttributes: [loadTestKey] })

import { createTelemetry, type SamplingRule, type Telemetry } from '@vitrine/telemetry'
import { name as serviceNamespace, version as serviceVersion } from '../package.json'
import { areFaultsForbidden, type FaultSettings, type Faults } from './faults/faults'

/** The baggage key with the load test that a request belongs to. */
export const loadTestBaggageKey = 'loadtest.run'

interface StartTelemetryOptions {
  settings: FaultSettings
  faults: Faults | undefined
  /** Sampling ratios of routes; rules in `VITRINE_TRACES_RULES` take precedence. */
  samplingRules?: SamplingRule[]
}

/** Creates the telemetry of a service and starts its faults, if there are any. */
export function startTelemetry(
  serviceName: string,
  { settings, faults, samplingRules = [] }: StartTelemetryOptions,
): Telemetry {
  const telemetry = createTelemetry({
    serviceName,
    serviceNamespace,
    serviceVersion,
    samplingRules,
    baggageAttributes: [loadTestBaggageKey],
    ...(faults && { send: faults.fetch }),
  })
  faults?.start(telemetry)
  if (areFaultsForbidden(settings))
    telemetry.log.warn('FAULTS_FILE is ignored in production without FAULTS_IN_PRODUCTION=yes')
  if (faults && settings.environmentName === 'production')
    telemetry.log.warn('faults can be injected in production: FAULTS_IN_PRODUCTION=yes')
  return telemetry
}

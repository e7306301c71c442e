import { createTelemetry, type SamplingRule, type Telemetry } from '@vitrine/telemetry'
import { name as serviceNamespace, version as serviceVersion } from '../package.json'
import { areFaultsForbidden, type FaultSettings, type Faults } from './faults/faults'

/** The key of baggage that says which load test a request belongs to. */
export const loadTestBaggageKey = 'loadtest.run'

interface Observed {
  settings: FaultSettings
  faults: Faults | undefined
  /** The share of traces that some routes keep; `VITRINE_TRACES_RULES` comes before them. */
  samplingRules?: SamplingRule[]
}

/** The telemetry of one service of Vitrine; its faults, where there are some, begin with it. */
export function startTelemetry(serviceName: string, { settings, faults, samplingRules = [] }: Observed): Telemetry {
  const common = {
    serviceName,
    serviceNamespace,
    serviceVersion,
    samplingRules,
    baggageAttributes: [loadTestBaggageKey],
  }
  const telemetry = createTelemetry({ ...common, ...(faults && { send: faults.send }) })
  faults?.start(telemetry)
  if (areFaultsForbidden(settings))
    telemetry.log.warn('FAULTS_FILE is passed over in production without FAULTS_IN_PRODUCTION=yes')
  if (faults && settings.environmentName === 'production')
    telemetry.log.warn('faults may be turned on in production: FAULTS_IN_PRODUCTION=yes')
  return telemetry
}

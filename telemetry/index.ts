export type { Attributes } from '@opentelemetry/api'
export { builtInDeclarations } from './built-in-declarations'
export type { DatabaseIdentity, DatabaseTelemetry } from './database/database'
export type { PoolState } from './database/pool'
export type {
  AttributeDeclaration,
  CounterDeclaration,
  Declarations,
  GaugeDeclaration,
  HistogramDeclaration,
  MetricDeclaration,
  SpanDeclaration,
} from './declaration'
export { errorType, safeMessage } from './errors'
export type { CreatePipeline, Pipeline } from './export/pipeline'
export { networkOf } from './http/address'
export type { Fetch, FetchOptions, TracedRequestInit } from './http/client'
export type { MiddlewareOptions } from './http/server'
export type { Logger } from './logs/logger'
export type { Counter, Histogram } from './metrics/instruments'
export type { CustomProviders } from './providers'
export { redactText } from './redact'
export type { Environment } from './settings/environment'
export type { LogLevel } from './settings/settings'
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry'
export type { SamplingRule } from './traces/sampling'

import { hostname } from 'node:os'
import type {
  LoggerProvider as ApiLoggerProvider,
  MeterProvider as ApiMeterProvider,
  TracerProvider as ApiTracerProvider,
} from '@opentelemetry/api'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { runSafely } from './diagnostics'
import type { CreatePipeline } from './export/pipeline'
import type { LoggerSharedState, LogRecord } from './logs/log-record'
import type { InstrumentMeter } from './metrics/instruments'
import { synchronousMeter } from './metrics/meter'
import type { TelemetrySettings } from './settings/settings'
import { asSdkSampler, createSampler } from './traces/sampling'
import { type StartSpan, spanStarter, spanStarterOn } from './traces/tracer'

/** Other providers of the OpenTelemetry API. The program that created them also flushes and stops them. */
export interface CustomProviders {
  tracer?: ApiTracerProvider
  meter?: ApiMeterProvider
  logger?: ApiLoggerProvider
}

/** The sources of the three signals. */
interface SignalSources {
  startSpan: StartSpan
  meter: InstrumentMeter
  emitLogRecord(record: LogRecord): void
  loggerSharedState: LoggerSharedState
  /** The SDK's providers with the same resource, processors and readers, for other libraries of the program. */
  providers: { tracer: ApiTracerProvider; meter: ApiMeterProvider; logger: ApiLoggerProvider }
  flush(): Promise<void>
  shutdown(): Promise<void>
}

interface ServiceInfo {
  version: string
  namespace: string | undefined
}

const scope = { name: '@vitrine/telemetry' }

/**
 * Creates the SDK's three providers with one resource and one pipeline, and our own faster tracer, meter and logger, which
 * feed the same processors and readers. Nothing is registered globally.
 */
export function createSignalSources(
  settings: TelemetrySettings,
  service: ServiceInfo,
  createPipeline: CreatePipeline,
  custom: CustomProviders = {},
): SignalSources {
  const resource = createResource(settings, service)
  const shouldSample = settings.disabled ? () => false : createSampler(settings.sampling)
  const synchronous = synchronousMeter(scope, settings.temporality)
  const emptyPipeline = { spanProcessors: [], metricReaders: [], logRecordProcessors: [] }
  const pipeline = settings.disabled ? emptyPipeline : createPipeline(synchronous.producer)

  const sdk = {
    tracer: new TracerProvider({
      resource,
      sampler: asSdkSampler(shouldSample),
      spanProcessors: pipeline.spanProcessors,
    }),
    meter: new MeterProvider({ resource, readers: pipeline.metricReaders }),
    logger: new LoggerProvider({ resource, processors: pipeline.logRecordProcessors }),
  }
  const observableMeter = (custom.meter ?? sdk.meter).getMeter(scope.name)
  const meter = custom.meter ? observableMeter : { ...observableMethodsOf(observableMeter), ...synchronous.meter }
  const startSpan = custom.tracer
    ? spanStarterOn(custom.tracer.getTracer(scope.name))
    : spanStarter(
        { resource, instrumentationScope: scope, limits: settings.spanLimits },
        shouldSample,
        pipeline.spanProcessors,
      )

  return {
    startSpan,
    meter,
    emitLogRecord: custom.logger ? emitWith(custom.logger) : emitTo(pipeline.logRecordProcessors),
    loggerSharedState: { resource, instrumentationScope: scope },
    providers: { ...sdk, ...custom },
    async flush() {
      await Promise.allSettled(Object.values(sdk).map((provider) => provider.forceFlush()))
    },
    async shutdown() {
      await Promise.allSettled(Object.values(sdk).map((provider) => provider.shutdown()))
    },
  }
}

// Spreading a class instance does not copy its methods.
const observableMethodsOf = (meter: ReturnType<ApiMeterProvider['getMeter']>) => ({
  createObservableGauge: meter.createObservableGauge.bind(meter),
  createObservableCounter: meter.createObservableCounter.bind(meter),
  createObservableUpDownCounter: meter.createObservableUpDownCounter.bind(meter),
  addBatchObservableCallback: meter.addBatchObservableCallback.bind(meter),
})

function emitTo(processors: ReturnType<CreatePipeline>['logRecordProcessors']): (record: LogRecord) => void {
  return (record) => {
    for (const processor of processors)
      runSafely('a log record processor', () => processor.onEmit(record, ROOT_CONTEXT))
  }
}

function emitWith(provider: ApiLoggerProvider): (record: LogRecord) => void {
  const logger = provider.getLogger(scope.name)
  return ({ timeMs, severityNumber, severityText, body, eventName, attributes, spanContext }) =>
    logger.emit({
      timestamp: timeMs,
      severityNumber,
      severityText,
      body,
      attributes,
      context: spanContext ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT,
      ...(eventName && { eventName }),
    })
}

function createResource(settings: TelemetrySettings, { version, namespace }: ServiceInfo): Resource {
  const bun = (process.versions as Record<string, string | undefined>).bun
  return resourceFromAttributes({
    'service.version': version,
    ...(namespace && { 'service.namespace': namespace }),
    'service.instance.id': crypto.randomUUID(),
    'deployment.environment.name': settings.environmentName,
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': bun ? 'bun' : 'nodejs',
    'process.runtime.version': bun ?? process.versions.node,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '3.1.0',
    ...settings.resourceAttributes,
    'service.name': settings.serviceName,
  })
}

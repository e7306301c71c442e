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

/** Providers of another make, by the OpenTelemetry API; who made one also flushes it and shuts it down. */
export interface CustomProviders {
  tracer?: ApiTracerProvider
  meter?: ApiMeterProvider
  logger?: ApiLoggerProvider
}

/** Where the three signals begin. */
interface SignalSources {
  startSpan: StartSpan
  meter: InstrumentMeter
  emitLogRecord(line: LogRecord): void
  loggerSharedState: LoggerSharedState
  /** The SDK's, over the same resource, processors and readers: for other libraries of the same program. */
  providers: { tracer: ApiTracerProvider; meter: ApiMeterProvider; logger: ApiLoggerProvider }
  flush(): Promise<void>
  shutdown(): Promise<void>
}

/** What runs, beside its name. */
interface Program {
  version: string
  namespace: string | undefined
}

const scope = { name: '@vitrine/telemetry' }

/**
 * The SDK's three providers over one resource and one pipeline, and beside them our own lean sources that feed the same
 * processors and readers. Nothing is registered globally.
 */
export function createSignalSources(
  settings: TelemetrySettings,
  program: Program,
  createPipeline: CreatePipeline,
  foreign: CustomProviders = {},
): SignalSources {
  const resource = createResource(settings, program)
  const sampling = settings.disabled ? () => false : createSampler(settings.sampling)
  const hot = synchronousMeter(scope, settings.temporality)
  const nothing = { spanProcessors: [], metricReaders: [], logRecordProcessors: [] }
  const pipeline = settings.disabled ? nothing : createPipeline(hot.producer)

  const own = {
    tracer: new TracerProvider({ resource, sampler: asSdkSampler(sampling), spanProcessors: pipeline.spanProcessors }),
    meter: new MeterProvider({ resource, readers: pipeline.metricReaders }),
    logger: new LoggerProvider({ resource, processors: pipeline.logRecordProcessors }),
  }
  const observed = (foreign.meter ?? own.meter).getMeter(scope.name)
  const meter = foreign.meter ? observed : { ...observedBy(observed), ...hot.meter }
  const startSpan = foreign.tracer
    ? spanStarterOn(foreign.tracer.getTracer(scope.name))
    : spanStarter(
        { resource, instrumentationScope: scope, limits: settings.spanLimits },
        sampling,
        pipeline.spanProcessors,
      )

  return {
    startSpan,
    meter,
    emitLogRecord: foreign.logger ? recordOn(foreign.logger) : recordTo(pipeline.logRecordProcessors),
    loggerSharedState: { resource, instrumentationScope: scope },
    providers: { ...own, ...foreign },
    async flush() {
      await Promise.allSettled(Object.values(own).map((provider) => provider.forceFlush()))
    },
    async shutdown() {
      await Promise.allSettled(Object.values(own).map((provider) => provider.shutdown()))
    },
  }
}

// A class instance: its methods are not copied by spreading.
const observedBy = (meter: ReturnType<ApiMeterProvider['getMeter']>) => ({
  createObservableGauge: meter.createObservableGauge.bind(meter),
  createObservableCounter: meter.createObservableCounter.bind(meter),
  createObservableUpDownCounter: meter.createObservableUpDownCounter.bind(meter),
  addBatchObservableCallback: meter.addBatchObservableCallback.bind(meter),
})

function recordTo(processors: ReturnType<CreatePipeline>['logRecordProcessors']): (line: LogRecord) => void {
  return (line) => {
    for (const processor of processors) runSafely('a log record processor', () => processor.onEmit(line, ROOT_CONTEXT))
  }
}

function recordOn(provider: ApiLoggerProvider): (line: LogRecord) => void {
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

function createResource(settings: TelemetrySettings, { version, namespace }: Program): Resource {
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

import { hostname } from 'node:os'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Pipeline } from './export'
import type { TelemetrySettings } from './settings'

export interface Providers {
  tracer: TracerProvider
  meter: MeterProvider
  logger: LoggerProvider
  flush(): Promise<void>
  shutdown(): Promise<void>
}

/** What runs, beside its name. */
interface Program {
  version: string
  namespace: string | undefined
}

/** The SDK's three providers over one resource. Nothing is registered globally. */
export function createProviders(settings: TelemetrySettings, program: Program, pipeline: Pipeline): Providers {
  const resource = resourceFromAttributes(resourceAttributes(settings, program))
  const off = settings.disabled
  const tracer = new TracerProvider({
    resource,
    sampler: off ? new AlwaysOffSampler() : createSampler(settings),
    spanProcessors: off ? [] : pipeline.spans,
  })
  const meter = new MeterProvider({ resource, readers: off ? [] : pipeline.metrics })
  const logger = new LoggerProvider({ resource, processors: off ? [] : pipeline.logs })
  return {
    tracer,
    meter,
    logger,
    async flush() {
      await Promise.allSettled([tracer.forceFlush(), meter.forceFlush(), logger.forceFlush()])
      await Promise.allSettled([pipeline.settled()])
    },
    async shutdown() {
      await Promise.allSettled([tracer.shutdown(), meter.shutdown(), logger.shutdown()])
    },
  }
}

function resourceAttributes(
  settings: TelemetrySettings,
  { version, namespace }: Program,
): Record<string, string | number> {
  const bun = (process.versions as Record<string, string | undefined>).bun
  return {
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
  }
}

function createSampler({ sampler, samplerRatio }: TelemetrySettings): Sampler {
  const root = rootSampler(sampler.replace('parentbased_', ''), samplerRatio)
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler()
  if (name === 'traceidratio') return new TraceIdRatioBasedSampler(ratio)
  return new AlwaysOnSampler()
}

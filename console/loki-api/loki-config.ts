import { z } from 'zod'
import { durationNs } from '../logql/literals'
import type { Mapping } from './mapping'

const action = z.strictObject({
  action: z.enum(['index_label', 'structured_metadata', 'drop']),
  attributes: z.array(z.string()).min(1),
})
const otlpConfig = z.strictObject({
  resource_attributes: z.strictObject({ ignore_defaults: z.literal(true), attributes_config: z.array(action) }),
})
const config = z.looseObject({
  limits_config: z.looseObject({ otlp_config: otlpConfig, retention_period: z.string().optional() }),
})

export interface LokiConfig {
  mapping: Mapping
  /** How long lines are retained; nothing where the file does not say. */
  retentionMs: number | undefined
}

/**
 * What a Loki configuration file says of OTLP and of retention, so that one file serves Loki and the log server.
 * @throws Error with the member that is not supported
 * @see https://grafana.com/docs/loki/latest/configure/#limits_config
 */
export function readLokiConfig(yaml: string): LokiConfig {
  const result = config.safeParse(Bun.YAML.parse(yaml))
  if (!result.success) throw new Error(z.prettifyError(result.error))
  const { otlp_config, retention_period } = result.data.limits_config
  const actions = otlp_config.resource_attributes.attributes_config
  const of = (name: z.infer<typeof action>['action']) =>
    actions.filter((one) => one.action === name).flatMap(({ attributes }) => attributes)
  const retentionNs = retention_period === undefined ? undefined : durationNs(retention_period)
  if (retention_period !== undefined && !retentionNs) {
    throw new Error(`limits_config.retention_period: ${retention_period} is no duration; write 360h`)
  }
  return {
    mapping: { indexLabels: of('index_label'), dropped: of('drop') },
    retentionMs: retentionNs === undefined ? undefined : retentionNs / 1e6,
  }
}

/** The same in the file's own shape: what runs, for a comparison with the file. */
export const runningConfig = ({ indexLabels, dropped }: Mapping, retentionMs: number) => ({
  limits_config: {
    retention_period: `${retentionMs / 3_600_000}h`,
    otlp_config: {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [
          ...(indexLabels.length > 0 ? [{ action: 'index_label', attributes: indexLabels }] : []),
          ...(dropped.length > 0 ? [{ action: 'drop', attributes: dropped }] : []),
        ],
      },
    },
  },
})

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
  /** How long lines are retained; `undefined` for the log server's default. */
  retentionMs: number | undefined
}

/**
 * Reads the OTLP mapping and the retention from a Loki configuration file, so that one file configures Loki and the log server.
 * Resource attributes without an action are structured metadata, as with the action of that name.
 * @throws Error with the path of a property that is missing or not supported
 * @see https://grafana.com/docs/loki/latest/configure/#limits_config
 */
export function readLokiConfig(yaml: string): LokiConfig {
  const result = config.safeParse(Bun.YAML.parse(yaml))
  if (!result.success) throw new Error(z.prettifyError(result.error))
  const { otlp_config, retention_period } = result.data.limits_config
  const actions = otlp_config.resource_attributes.attributes_config
  const attributesWith = (name: z.infer<typeof action>['action']) =>
    actions.filter((one) => one.action === name).flatMap(({ attributes }) => attributes)
  const retentionNs = retention_period === undefined ? undefined : durationNs(retention_period)
  if (retention_period !== undefined && !retentionNs) {
    throw new Error(`limits_config.retention_period: ${retention_period} is not a duration: write 360h or similar`)
  }
  return {
    mapping: { indexLabels: attributesWith('index_label'), dropped: attributesWith('drop') },
    retentionMs: retentionNs === undefined ? undefined : retentionNs / 1e6,
  }
}

/** The mapping and the retention that are in effect, in the structure of the file, so that a check can compare them. */
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

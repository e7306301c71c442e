/** Where each server of the stack listens on this machine: the ports of the specification, all moved by `offset`. */
export function stackEndpoints(offset = 0) {
  const at = (port: number) => `http://127.0.0.1:${port + offset}`
  return {
    collector: at(4318),
    collectorGrpcPort: 4317 + offset,
    collectorMetrics: at(8888),
    collectorHealth: at(13_133),
    jaeger: at(16_686),
    jaegerQueryGrpcPort: 16_685 + offset,
    // Not 4317: natively the collector has that.
    jaegerOtlpPort: 14_317 + offset,
    jaegerMetrics: at(8889),
    jaegerHealth: at(13_134),
    prometheus: at(9090),
    loki: at(3100),
    lokiGrpcPort: 9096 + offset,
    alertmanager: at(9093),
    receiver: at(9095),
    console: at(4320),
    databasePorts: { user: 3311 + offset, product: 3312 + offset, order: 3313 + offset },
  }
}

export type StackEndpoints = ReturnType<typeof stackEndpoints>

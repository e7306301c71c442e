import { fetchJson } from './http'

/** The value of a series. */
export interface Sample {
  labels: Record<string, string>
  value: number
}

/** A vector in the query APIs of Prometheus and Loki. */
export type Vector = { metric: Record<string, string>; value: [number, string] }[]

export const samplesOf = (vector: Vector): Sample[] =>
  vector.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))

/**
 * Runs an instant query, by default for now. A scalar result is one sample without labels.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export async function queryPrometheus(prometheus: string, query: string, atS?: number): Promise<Sample[]> {
  const body = new URLSearchParams({ query, ...(atS !== undefined && { time: String(atS) }) })
  type Result = { data: { resultType: string; result: Vector | [number, string] } }
  const { data } = await fetchJson<Result>(`${prometheus}/api/v1/query`, { method: 'POST', body })
  if (data.resultType === 'scalar') return [{ labels: {}, value: Number((data.result as [number, string])[1]) }]
  return samplesOf(data.result as Vector)
}

/** The value of the first series of an instant query, or 0 without a series. */
export async function queryNumber(prometheus: string, query: string, atS?: number): Promise<number> {
  return (await queryPrometheus(prometheus, query, atS))[0]?.value ?? 0
}

import { expect } from 'bun:test'

/** The response of a case. `fill` replaces `$service` and `$t(…)` in a text. */
export interface CaseResponse {
  status: number
  contentType: string
  text: string
  fill: (text: string) => string
}

type Labels = Record<string, string>
type Value = [time: string, line: string, categories?: { structuredMetadata?: Labels; parsed?: Labels }]
interface Stream {
  stream: Labels
  values: Value[]
}
interface Series {
  metric: Labels
  value?: [number, string]
  values?: [number, string][]
}
export interface Expected {
  labels: Labels
  /** One value of a vector, or the values of a matrix by seconds after the case's start. */
  value: number | Record<number, number>
}

/** The lines of all streams, in order of time. */
export const lines =
  (...expected: string[]) =>
  (received: CaseResponse): void => {
    const values = streamsOf(received).flatMap(({ values }) => values)
    const inTime = values.sort(([one], [other]) => (BigInt(one) < BigInt(other) ? -1 : 1))
    expect(inTime.map(([, text]) => text)).toEqual(expected.map(received.fill))
  }

/** The lines of one stream with their times, in the order of the response. */
export const values =
  (...expected: [time: string, line: string][]) =>
  (received: CaseResponse): void => {
    const streams = streamsOf(received)
    expect(streams).toHaveLength(1)
    const actual = streams[0]?.values.map(([time, text]) => [time, text])
    expect(actual).toEqual(expected.map(([time, text]) => [received.fill(time), received.fill(text)]))
  }

/** One line, whose labels include these; `undefined` for a label that must be missing. */
export const labels =
  (expected: Record<string, string | undefined>) =>
  (received: CaseResponse): void => {
    const streams = streamsOf(received)
    expect(streams.flatMap(({ values }) => values)).toHaveLength(1)
    expectLabels(streams[0]?.stream ?? {}, expected, received)
  }

/** One line, with its labels by category. */
export const categorized =
  (expected: Record<'stream' | 'structuredMetadata' | 'parsed', Record<string, string | undefined>>) =>
  (received: CaseResponse): void => {
    const [only, ...others] = streamsOf(received)
    expect(others).toEqual([])
    const categories = only?.values[0]?.[2]
    expectLabels(only?.stream ?? {}, expected.stream, received)
    expectLabels(categories?.structuredMetadata ?? {}, expected.structuredMetadata, received)
    expectLabels(categories?.parsed ?? {}, expected.parsed, received)
  }

/** The number of lines in each stream. */
export const streamSizes =
  (...expected: number[]) =>
  (received: CaseResponse): void => {
    const sizes = streamsOf(received).map(({ values }) => values.length)
    expect(sizes.sort()).toEqual(expected)
  }

/** All series of a matrix or a vector, in any order. */
export const series =
  (type: 'matrix' | 'vector', ...expected: Expected[]) =>
  (received: CaseResponse): void => {
    const start = Number(received.fill('$s(0)'))
    const filled = expected.map(({ labels, value }) => ({ labels: fillAll(labels, received), value }))
    const actual = resultOf<Series>(received, type).map(({ metric, value, values }) => ({
      labels: metric,
      value: value
        ? Number(value[1])
        : Object.fromEntries((values ?? []).map(([time, text]) => [time - start, Number(text)])),
    }))
    const byLabels = (one: Expected, other: Expected) => (keyOf(one) < keyOf(other) ? -1 : 1)
    expect(actual.sort(byLabels)).toEqual(filled.sort(byLabels))
  }

/** The values of all series, in descending order. */
export const valuesOfVector =
  (...expected: number[]) =>
  (received: CaseResponse): void => {
    const actual = resultOf<Series>(received, 'vector').map(({ value }) => Number(value?.[1]))
    expect(actual.sort((one, other) => other - one)).toEqual(expected)
  }

/** 400 with a message in plain text. */
export const refused =
  (message: RegExp) =>
  (received: CaseResponse): void => {
    expect([received.status, received.text]).toEqual([400, expect.stringMatching(message)])
    expect(received.contentType).toStartWith('text/plain')
  }

/** 200 with JSON whose `data` includes this. */
export const data =
  (expected: unknown) =>
  (received: CaseResponse): void => {
    expect([received.status, received.text]).toEqual([200, expect.any(String)])
    const filled: unknown = JSON.parse(received.fill(JSON.stringify(expected)))
    expect(JSON.parse(received.text)).toMatchObject({ status: 'success', data: filled as object })
  }

/** 200 with a list in `data` that contains `has` and does not contain `hasNot`. */
export const list =
  (has: string[], hasNot: string[] = []) =>
  (received: CaseResponse): void => {
    expect([received.status, received.text]).toEqual([200, expect.any(String)])
    const { data: all = [] } = JSON.parse(received.text) as { data?: string[] }
    for (const one of has) expect(all).toContain(received.fill(one))
    for (const one of hasNot) expect(all).not.toContain(received.fill(one))
  }

/** 200 with JSON that is not in an envelope with `status` and `data`. */
export const json =
  (check: (body: Record<string, unknown>) => void) =>
  (received: CaseResponse): void => {
    expect([received.status, received.text]).toEqual([200, expect.any(String)])
    check(JSON.parse(received.text) as Record<string, unknown>)
  }

export const ok = (received: CaseResponse): void => {
  expect([received.status, received.text]).toEqual([200, expect.any(String)])
}

const streamsOf = (received: CaseResponse): Stream[] => resultOf<Stream>(received, 'streams')

function resultOf<T>(received: CaseResponse, type: string): T[] {
  expect([received.status, received.text]).toEqual([200, expect.any(String)])
  const body = JSON.parse(received.text) as { status: string; data: { resultType: string; result: T[] } }
  expect([body.status, body.data.resultType]).toEqual(['success', type])
  return body.data.result
}

/** An empty label is the same as a missing one. */
function expectLabels(actual: Labels, expected: Record<string, string | undefined>, { fill }: CaseResponse): void {
  const wanted = Object.entries(expected)
  const found = wanted.map(([name]) => [name, actual[name] || undefined])
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(wanted.map(([name, value]) => [name, value === undefined ? undefined : fill(value)])),
  )
}

const fillAll = (labels: Labels, { fill }: CaseResponse): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, fill(value)]))

const keyOf = ({ labels }: Expected): string => JSON.stringify(Object.entries(labels).sort())

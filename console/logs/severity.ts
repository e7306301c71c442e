/** OTLP's ranges of severity numbers by their names, the mildest first. Source: OpenTelemetry Logs Data Model. */
export const levels = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const

export type Level = keyof typeof levels

const names = Object.keys(levels) as Level[]

/** The name of a severity number; nothing for 0, which says nothing. */
export function levelOf(severity: number): Level | undefined {
  return names.findLast((name) => levels[name] <= severity)
}

export const isLevel = (text: string | undefined): text is Level => names.includes(text as Level)

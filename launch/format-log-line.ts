import { printable } from './printable'
import { colorBySeverity } from './severity-color'

// The name of the program is before the line (child.ts), and a trace id is enough to find the record.
const notPrinted = new Set(['service', 'event', 'span_id', 'trace_flags'])
// The message of a wide event already contains these attributes.
const inMessage = /^(http\.(request\.method|route|response\.status_code)|url\.(scheme|path)|exception\.(type|message))$/

/**
 * Formats a JSON log line (`telemetry/encode/log-record-kind.ts`) for a terminal: time, level, message, duration, other
 * attributes, trace id and stack trace. Other lines are returned unchanged.
 */
export function formatLogLine(line: string): string {
  const record = parse(line)
  if (!record) return line
  const { timestamp, level, message, trace_id, ...rest } = record
  const duration = rest['http.server.request.duration']
  delete rest['http.server.request.duration']
  const stack = rest['exception.stacktrace']
  delete rest['exception.stacktrace']
  const details = Object.entries(rest)
    .filter(([key]) => !notPrinted.has(key) && !inMessage.test(key))
    .map(([key, value]) => printable(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`))
  const parts = [
    String(timestamp).slice(11, 23),
    String(level).padEnd(5),
    printable(String(message)),
    ...(typeof duration === 'number' ? [`${(duration * 1000).toFixed(1)} ms`] : []),
    ...details,
    ...(trace_id ? [`trace=${trace_id}`] : []),
  ]
  const text = typeof stack === 'string' ? `${parts.join(' ')}\n${stack}` : parts.join(' ')
  return colorBySeverity(String(level), text)
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const record = JSON.parse(line)
    return 'timestamp' in record && 'message' in record ? record : undefined
  } catch {
    return undefined
  }
}

const colors: Record<string, string> = {
  debug: '\x1b[2m',
  info: '',
  warn: '\x1b[33m',
  error: '\x1b[31m',
  fatal: '\x1b[31;1m',
}
const ownColumns = new Set(['timestamp', 'level', 'service', 'message', 'event', 'trace_id', 'span_id', 'trace_flags'])
// The message of a wide event already contains these attributes.
const inMessage = /^(http\.(request\.method|route|response\.status_code)|url\.(scheme|path)|exception\.(type|message))$/

/** Formats a JSON log line for a terminal. Other lines are returned unchanged. */
export function formatLogLine(line: string, isColored: boolean): string {
  const record = parse(line)
  if (!record) return line
  const { timestamp, level, message, trace_id, ...rest } = record
  const duration = rest['http.server.request.duration']
  delete rest['http.server.request.duration']
  const stack = rest['exception.stacktrace']
  delete rest['exception.stacktrace']
  const details = Object.entries(rest)
    .filter(([key]) => !ownColumns.has(key) && !inMessage.test(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const parts = [
    String(timestamp).slice(11, 23),
    String(level).padEnd(5),
    String(message),
    ...(typeof duration === 'number' ? [`${(duration * 1000).toFixed(1)} ms`] : []),
    ...details,
    ...(trace_id ? [`trace=${trace_id}`] : []),
    ...(typeof stack === 'string' ? [`\n${stack}`] : []),
  ]
  const color = isColored ? (colors[String(level)] ?? '') : ''
  return color ? `${color}${parts.join(' ')}\x1b[0m` : parts.join(' ')
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{"timestamp"')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

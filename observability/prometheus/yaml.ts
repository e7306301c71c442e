const isPlain = /^[a-z][\w:./-]*$/i
const isMore = /^(true|false|null|yes|no|on|off)$/i

type Value = string | Value[] | { [key: string]: Value }

/**
 * YAML to be read by people: expressions of several lines as they are, texts with their no-break spaces. `Bun.YAML` writes
 * both with escapes.
 */
export function toYaml(value: object): string {
  return `${block(value as Value, '')}\n`
}

function block(value: Value, indent: string): string {
  if (typeof value === 'string') return scalar(value, indent)
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${block(item, `${indent}  `).trimStart()}`).join('\n')
  return Object.entries(value)
    .map(([key, inner]) => `${indent}${key}:${inside(inner, indent)}`)
    .join('\n')
}

function inside(value: Value, indent: string): string {
  if (typeof value === 'string') return ` ${scalar(value, `${indent}  `)}`
  return `\n${block(value, `${indent}  `)}`
}

function scalar(text: string, indent: string): string {
  if (text.includes('\n')) return `|-\n${text.replaceAll(/^/gm, indent)}`
  if (isPlain.test(text) && !isMore.test(text)) return text
  return text.includes('"') ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text)
}

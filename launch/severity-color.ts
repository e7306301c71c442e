import { styleText } from 'node:util'

const styles = new Map<string, Parameters<typeof styleText>[0]>([
  ['debug', 'dim'],
  ['warn', 'yellow'],
  ['error', 'red'],
  ['fatal', ['red', 'bold']],
])

/**
 * Colors a text on a terminal by its severity, which may be in upper case. Elsewhere, and with `NO_COLOR`, the text stays
 * unchanged.
 */
export function colorBySeverity(severity: string, text: string): string {
  const style = styles.get(severity.toLowerCase())
  return style ? styleText(style, text) : text
}

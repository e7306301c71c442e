/** A Markdown table; empty without rows. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[head, head.map(() => '---'), ...rows].map(row).join('\n')}\n`
}

export const code = (text: string): string => `\`${text}\``

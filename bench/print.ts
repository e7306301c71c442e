export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A Markdown table with aligned columns, which is also legible as plain text. */
export function markdownTable(head: string[], rows: string[][]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const isNumber = head.map((_, column) => rows.every((row) => /^[\d.,\s–-]*$/.test(row[column] ?? '')))
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (isNumber[at] ? `${'-'.repeat(Math.max(width - 1, 2))}:` : '-'.repeat(Math.max(width, 3)))).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

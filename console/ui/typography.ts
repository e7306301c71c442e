const noBreakSpace = '\u00a0'
const narrowNoBreakSpace = '\u202f'

/**
 * Applies French typography to a text from a plain keyboard: t`C'est payé !` gets a typographic apostrophe and a narrow
 * no-break space. Interpolated values do not change.
 */
export function t(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.map((part, index) => `${typeset(part)}${values[index] ?? ''}`).join('')
}

function typeset(text: string): string {
  return text
    .replaceAll("'", '’')
    .replaceAll('...', '…')
    .replace(/ (?=[;!?%])/g, narrowNoBreakSpace)
    .replace(/ (?=[:»])/g, noBreakSpace)
    .replaceAll('« ', `«${noBreakSpace}`)
}

/** A count with its noun and a no-break space: `1 requête`, `2 requêtes`. */
export const plural = (count: number, one: string, many: string): string =>
  `${count}${noBreakSpace}${count < 2 ? one : many}`

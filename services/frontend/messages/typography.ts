/** The space between a number and its unit: `42 ms`. The narrow one is before `;` `!` `?` `%` and between thousands. */
export const noBreak = '\u00a0'
const narrow = '\u202f'

/**
 * French typography for text from a plain keyboard: t`C'est payé !` gets a typographic apostrophe and a narrow no-break
 * space. Interpolated values are not changed.
 */
export function t(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.map((part, index) => `${typeset(part)}${values[index] ?? ''}`).join('')
}

function typeset(text: string): string {
  return text
    .replaceAll("'", '’')
    .replaceAll('...', '…')
    .replace(/ (?=[;!?%])/g, narrow)
    .replace(/ (?=[:»])/g, noBreak)
    .replaceAll('« ', `«${noBreak}`)
}

/** `1 requête`, `2 requêtes`, with a no-break space. */
export const plural = (count: number, one: string, many: string): string =>
  `${count}${noBreak}${count < 2 ? one : many}`

/** `1,5`: one digit after the comma. */
export const decimal = (number: number): string => number.toFixed(1).replace('.', ',')

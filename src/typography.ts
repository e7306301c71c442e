const noBreak = '\u00a0'
const narrow = '\u202f'

/**
 * French typography for what is written with a plain keyboard: t`C'est payé !` has a real apostrophe and a narrow
 * no-break space. What is filled in stays as it is.
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

/** `1 requête`, `2 requêtes`: with a space that doesn't break. */
export const plural = (count: number, one: string, many: string): string =>
  `${count}${noBreak}${count < 2 ? one : many}`

/** `1,5`: one digit after the comma. */
export const decimal = (number: number): string => number.toFixed(1).replace('.', ',')

/** The space between a number and its unit: `42 ms`. The narrow one is before `;` `!` `?` `%` and between thousands. */
export const noBreak = '\u00a0'
const narrow = '\u202f'

/**
 * French typography for text from a plain keyboard: t`C'est payé !` gets a typographic apostrophe and a narrow no-break
 * space. Interpolated values are not changed.
 */
export const french = typesetter((text) =>
  curl(text)
    .replace(/ (?=[;!?%])/g, narrow)
    .replace(/ (?=[:»])/g, noBreak)
    .replaceAll('« ', `«${noBreak}`),
)

/** English typography for text from a plain keyboard: typographic apostrophes and ellipses. */
export const english = typesetter(curl)

function typesetter(typeset: (text: string) => string) {
  return (parts: TemplateStringsArray, ...values: (string | number)[]): string =>
    parts.map((part, index) => `${typeset(part)}${values[index] ?? ''}`).join('')
}

function curl(text: string): string {
  return text.replaceAll("'", '’').replaceAll('...', '…')
}

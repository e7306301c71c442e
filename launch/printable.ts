/** Text for one line of a terminal: control characters, which could forge lines or move the cursor, become `\x0a` and the like. */
export const printable = (text: string): string =>
  text.replace(/[^\P{Cc}\t]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

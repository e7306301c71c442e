const ligatures: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/** Text without case, accents and ligatures, so that it compares the same in both databases: `Œuvre d'Été` is `oeuvre d'ete`. */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[œæßøłđ]/g, (letter) => ligatures[letter] ?? letter)

const maxSlugLength = 80

/** The slug of a name: `Clavier Mécanique` is `clavier-mecanique`. Empty for a name without Latin letters and digits. */
export const slugOf = (name: string): string =>
  foldText(name)
    .replace(/['’]/g, '-')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('-')
    .slice(0, maxSlugLength)
    .replace(/-$/, '')

import type { fr } from './fr'

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

/** All texts and formats of one language. A text that a language lacks does not compile. */
export type Messages = Omit<typeof fr, 'language'> & { language: Language }

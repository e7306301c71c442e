import { createContext, useContext } from 'hono/jsx'
import { en } from './en'
import { fr } from './fr'
import type { Language, Messages } from './type'

export { type Language, languages, type Messages } from './type'

export const catalogs: Record<Language, Messages> = { fr: { ...fr, language: 'fr' }, en }

/** The language of names and descriptions in the catalogue: they are stored in one language. */
export const catalogueLanguage: Language = 'fr'

/** Provides the messages to the components of a page. */
export const MessagesContext = createContext<Messages>(catalogs.fr)

/** The messages in the language of the page that is being rendered. */
export const useMessages = (): Messages => useContext(MessagesContext)

/** The `lang` attribute of a name or description from the catalogue, on a page in another language. */
export const useCatalogueLang = (): Language | undefined =>
  useMessages().language === catalogueLanguage ? undefined : catalogueLanguage

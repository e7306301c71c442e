import { createContext, useContext } from 'hono/jsx'
import { en } from './en'
import { fr, type Language, type Messages } from './fr'

export type { Language, Messages }

export const languages: readonly Language[] = ['fr', 'en']

export const catalogs: Record<Language, Messages> = { fr: { ...fr, language: 'fr' }, en }

/** The language of names and descriptions in the catalog: they are stored in one language. */
export const catalogLanguage: Language = 'fr'

/** Provides the messages to the components of a page. */
export const MessagesContext = createContext<Messages>(catalogs.fr)

/** The messages in the language of the page that is being rendered. */
export const useMessages = (): Messages => useContext(MessagesContext)

/** The `lang` attribute of a name or description from the catalog, on a page in another language. */
export const useCatalogLang = (): Language | undefined =>
  useMessages().language === catalogLanguage ? undefined : catalogLanguage

import type { FC } from 'hono/jsx'
import { inLanguage } from '../language'
import { languages, useMessages } from '../messages/messages'

/** Links to this page in each language. */
export const LanguageSwitch: FC<{ address: string }> = ({ address }) => {
  const { language: current, languages: texts } = useMessages()
  return (
    <nav aria-label={texts.label}>
      <ul class="languages">
        {languages.map((language) => (
          <li>
            <a
              href={inLanguage(address, language)}
              lang={language}
              hreflang={language}
              rel="nofollow"
              aria-current={language === current ? 'true' : undefined}
            >
              {texts[language]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

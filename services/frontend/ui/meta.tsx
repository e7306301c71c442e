import { raw } from 'hono/html'
import type { FC } from 'hono/jsx'
import { inLanguage } from '../language'
import { languages, useMessages } from '../messages/messages'
import type { StructuredData } from '../seo/structured-data'

/** What search engines and previews of a link show of a page. */
export interface Seo {
  description: string
  /** The path of the page, without parameters that do not change it. */
  path: string
  /** The path of a picture. */
  image?: string
  /** The type of Open Graph. */
  type?: string
  data?: StructuredData
}

const maxDescription = 160

/** The part of `<head>` for search engines. A page without `seo` is not for them. */
export const Meta: FC<{ title: string; seo: Seo | undefined; origin: string }> = ({ title, seo, origin }) => {
  const { brand, language } = useMessages()
  if (!seo) return <meta name="robots" content="noindex" />
  const { path, image, type = 'website', data } = seo
  const description = shorten(seo.description)
  const url = origin + (language === 'fr' ? path : inLanguage(path, language))
  const openGraph = { site_name: brand, type, title, description, url, locale: locales[language] }
  return (
    <>
      <meta name="description" content={description} />
      <link rel="canonical" href={url} />
      {languages.map((one) => (
        <link rel="alternate" hreflang={one} href={origin + inLanguage(path, one)} />
      ))}
      {Object.entries(openGraph).map(([name, content]) => (
        <meta property={`og:${name}`} content={content} />
      ))}
      {image && <meta property="og:image" content={origin + image} />}
      {data && <script type="application/ld+json">{raw(toJson(data))}</script>}
    </>
  )
}

const locales = { fr: 'fr_FR', en: 'en_GB' } as const

function shorten(text: string): string {
  if (text.length <= maxDescription) return text
  return `${text.slice(0, text.lastIndexOf(' ', maxDescription))}…`
}

// A `<` could end the element. The policy for scripts allows data blocks, because browsers never run them.
const toJson = (data: StructuredData) => JSON.stringify(data).replaceAll('<', '\\u003c')

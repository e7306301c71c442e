import type { Child, FC } from 'hono/jsx'
import { assetPath } from '../assets'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import type { Flash } from '../session'
import { LanguageSwitch } from './language-switch'
import { memoizeByKey } from './memoize'
import { Meta, type Seo } from './meta'
import { Navigation, type Visitor, visitorKey } from './navigation'
import { TimingBadge } from './timing-badge'

export interface LayoutProps {
  title: string
  visitor: Visitor
  /** The address of this page, to which `?lang=` can be added. */
  address: string
  flash: Flash | undefined
  scripts?: string[] | undefined
  /** The origin that browsers see. */
  origin: string
  seo?: Seo | undefined
  children?: Child
}

const style = assetPath('style.css')
const icon = assetPath('favicon.svg')
const font = assetPath('figtree.woff2')

export const Layout: FC<LayoutProps> = ({ title, visitor, address, flash, scripts = [], origin, seo, children }) => {
  const { language, brand, slogan } = useMessages()
  return (
    <html lang={language}>
      {head({ title, scripts, origin, seo })}
      <body>
        {header(visitor)}
        <main id="contenu" class="wide" tabindex={-1}>
          <FlashMessage message={flash} />
          {children}
        </main>
        <footer class="wide foot">
          <p>
            <strong>{brand}</strong> {slogan}
          </p>
          <LanguageSwitch address={address} />
          <TimingBadge />
        </footer>
      </body>
    </html>
  )
}

type HeadProps = Pick<LayoutProps, 'title' | 'origin' | 'seo'> & { scripts: string[] }

const head = memoizeByKey(
  (props: HeadProps) => JSON.stringify(props),
  ({ title, scripts, origin, seo }) => {
    const { brand } = useMessages()
    const fullTitle = title === brand ? title : `${title} – ${brand}`
    return (
      <head>
        <meta charset="utf-8" />
        <title>{fullTitle}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#e0f7ff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#06182b" media="(prefers-color-scheme: dark)" />
        <link rel="preload" href={font} as="font" type="font/woff2" crossorigin="anonymous" />
        <link rel="icon" href={icon} type="image/svg+xml" />
        <link rel="stylesheet" href={style} />
        {scripts.map((name) => (
          <script src={assetPath(name)} defer />
        ))}
        <Meta title={fullTitle} seo={seo} origin={origin} />
      </head>
    )
  },
)

const header = memoizeByKey(visitorKey, (visitor) => {
  const { brand, skip } = useMessages()
  return (
    <>
      <a class="skip" href="#contenu">
        {skip}
      </a>
      <header class="top">
        <div class="wide bar">
          <a class="brand" href={routes.home}>
            <img src={icon} alt="" width="36" height="36" />
            <span>{brand}</span>
          </a>
          <Navigation visitor={visitor} />
        </div>
      </header>
    </>
  )
})

const FlashMessage: FC<{ message: Flash | undefined }> = ({ message }) =>
  message ? (
    <p class={`notice ${message.kind}`} role={message.kind === 'error' ? 'alert' : 'status'}>
      <span>{message.text}</span>
      {message.to_cart && <a href={routes.checkout}>{useMessages().flash.seeCart}</a>}
    </p>
  ) : null

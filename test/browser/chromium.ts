import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findProgram } from '../requirements'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// Guards against hanging only: tests wait for states, which a busy machine may reach late.
const timeoutMs = 120_000

/** Starts Chromium without background requests of its own. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findProgram('browser') ?? '', args: quiet, timeout: timeoutMs })

/** Opens a page in a context of its own, in French by default. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', ...options })
  context.setDefaultTimeout(timeoutMs)
  return context.newPage()
}

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

// It guards against hanging only: tests wait for states, which a busy machine may take long to reach.
const patienceMs = 120_000

/** A real Chromium that asks nobody for anything by itself. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findProgram('browser') ?? '', args: quiet, timeout: patienceMs })

/** A new page in a context of its own, in French unless `options` say otherwise. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', ...options })
  context.setDefaultTimeout(patienceMs)
  return context.newPage()
}

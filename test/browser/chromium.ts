import { type Browser, chromium } from 'playwright-core'
import { programOf } from '../parts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium that asks nobody for anything by itself. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: programOf('browser') ?? '', args: quiet })

import { Hono } from 'hono'
import { assets } from './assets'
import { events } from './events'
import { guard } from './guard'
import { headers } from './headers'
import { type ReceiverOptions, receiver } from './receive/routes'
import type { Store } from './store'
import { tracesPage } from './traces/page'
import { paths } from './ui/paths'
import { language } from './ui/view'
import { failed, notFound } from './ui/wrong'

export interface ConsoleOptions {
  store: Store
  limits?: ReceiverOptions['limits']
  forward?: ReceiverOptions['forward']
}

/** Receives OTLP, and shows it. */
export function createConsole({ store, limits, forward }: ConsoleOptions) {
  const app = new Hono()
    .use(guard)
    .route('/', receiver({ sink: store.sink, ...(limits && { limits }), ...(forward && { forward }) }))
    .use(headers)
    .route('/', assets)
    .get('/events', events(store))
    .use(language)
    .get(paths.traces, tracesPage(store))
  app.notFound(notFound(store))
  app.onError(failed(store))
  return app
}

import { type Declarations, layer } from '@vitrine/telemetry'
import { common } from '../src/signals'
import { declared as frontend } from './frontend/signals'
import { declared as order } from './order/signals'
import { declared as product } from './product/signals'
import { declared as user } from './user/signals'

/** What each service says of its own, by `service.name`. */
export const ownDeclarations = {
  frontend,
  'user-service': user,
  'product-service': product,
  'order-service': order,
} as const satisfies Record<string, Declarations>

/** What every service says beside it. */
export const sharedDeclarations: Declarations[] = [layer, common]

/** All that each service may say. `docs/telemetry.md` is made of it, and tests fail on anything else. */
export const declarations: Record<string, Declarations[]> = Object.fromEntries(
  Object.entries(ownDeclarations).map(([service, own]) => [service, [...sharedDeclarations, own]]),
)

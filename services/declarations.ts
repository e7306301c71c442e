import { builtInDeclarations, type Declarations } from '@vitrine/telemetry'
import { commonDeclarations } from '../src/declarations'
import { declarations as frontend } from './frontend/declarations'
import { declarations as order } from './order/declarations'
import { declarations as product } from './product/declarations'
import { declarations as user } from './user/declarations'

/** What each service says of its own, by `service.name`. */
export const ownDeclarations = {
  frontend,
  'user-service': user,
  'product-service': product,
  'order-service': order,
} as const satisfies Record<string, Declarations>

/** What every service says beside it. */
export const sharedDeclarations: Declarations[] = [builtInDeclarations, commonDeclarations]

/** All that each service may say. `docs/reference/telemetry.md` is generated from it, and tests fail on anything else. */
export const declarationsByService: Record<string, Declarations[]> = Object.fromEntries(
  Object.entries(ownDeclarations).map(([service, own]) => [service, [...sharedDeclarations, own]]),
)

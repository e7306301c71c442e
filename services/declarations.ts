import { builtInDeclarations, type Declarations } from '@vitrine/telemetry'
import { commonDeclarations } from '../src/declarations'
import { declarations as frontend } from './frontend/declarations'
import { declarations as order } from './order/declarations'
import { declarations as product } from './product/declarations'
import { declarations as user } from './user/declarations'

/** The telemetry that only one service emits, by `service.name`. */
export const ownDeclarations = {
  frontend,
  'user-service': user,
  'product-service': product,
  'order-service': order,
} as const satisfies Record<string, Declarations>

/** The telemetry that every service emits. */
export const sharedDeclarations: Declarations[] = [builtInDeclarations, commonDeclarations]

/** All telemetry of each service. `docs/reference/telemetry.md` is generated from it, and tests fail on undeclared telemetry. */
export const declarationsByService: Record<string, Declarations[]> = Object.fromEntries(
  Object.entries(ownDeclarations).map(([service, own]) => [service, [...sharedDeclarations, own]]),
)

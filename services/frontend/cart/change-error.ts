import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import { fr } from '../messages/fr'

const texts = fr.cart

interface Refused {
  text: string
  status: ContentfulStatusCode
}

/** What a shopper is told when the cart did not change; throws on what is no refusal. */
export function cartChangeError(error: unknown, telemetry: Telemetry): Refused {
  const refused = error instanceof DomainError ? answers[error.code]?.(error.details) : undefined
  if (!(error instanceof DomainError) || !refused) throw error
  telemetry.setAttribute('problem.code', error.code)
  return refused
}

const answers: Record<string, (details: Record<string, unknown>) => Refused> = {
  WRONG_QUANTITY: () => ({ text: texts.wrongQuantity, status: 422 }),
  QUANTITY_LIMIT: () => ({ text: texts.quantityLimit, status: 422 }),
  CART_FULL: () => ({ text: texts.full, status: 422 }),
  OUT_OF_STOCK: ({ stock }) => ({ text: texts.onlyLeft(Number(stock) || 0), status: 409 }),
  NOT_FOUND: () => ({ text: texts.notInCart, status: 404 }),
}

import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import { fr } from '../messages/fr'

const texts = fr.cart

interface CartChangeError {
  text: string
  status: ContentfulStatusCode
}

/** The message for a cart change that was refused. @throws every other error */
export function cartChangeError(error: unknown, telemetry: Telemetry): CartChangeError {
  const changeError = error instanceof DomainError ? byCode[error.code]?.(error.details) : undefined
  if (!(error instanceof DomainError) || !changeError) throw error
  telemetry.setAttribute('problem.code', error.code)
  return changeError
}

const byCode: Record<string, (details: Record<string, unknown>) => CartChangeError> = {
  WRONG_QUANTITY: () => ({ text: texts.wrongQuantity, status: 422 }),
  QUANTITY_LIMIT: () => ({ text: texts.quantityLimit, status: 422 }),
  CART_FULL: () => ({ text: texts.full, status: 422 }),
  OUT_OF_STOCK: ({ available }) => ({ text: texts.onlyLeft(Number(available) || 0), status: 409 }),
  NOT_FOUND: () => ({ text: texts.notInCart, status: 404 }),
}

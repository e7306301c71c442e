import type { Telemetry } from '@vitrine/telemetry'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DomainError } from '../../../src/problem'
import type { Messages } from '../messages/messages'

interface CartChangeError {
  text: string
  status: ContentfulStatusCode
}

/** The message for a cart change that was refused. @throws every other error */
export function cartChangeError(error: unknown, telemetry: Telemetry, { cart }: Messages): CartChangeError {
  const changeError = error instanceof DomainError ? byCode[error.code]?.(cart, error.details) : undefined
  if (!(error instanceof DomainError) || !changeError) throw error
  telemetry.setAttribute('problem.code', error.code)
  return changeError
}

const byCode: Record<string, (texts: Messages['cart'], details: Record<string, unknown>) => CartChangeError> = {
  WRONG_QUANTITY: (texts) => ({ text: texts.wrongQuantity, status: 422 }),
  QUANTITY_LIMIT: (texts) => ({ text: texts.quantityLimit, status: 422 }),
  CART_FULL: (texts) => ({ text: texts.full, status: 422 }),
  OUT_OF_STOCK: (texts, { available, in_cart }) => ({
    text: texts.onlyLeft(Number(available) || 0, Number(in_cart) || 0),
    status: 409,
  }),
  NOT_FOUND: (texts) => ({ text: texts.notInCart, status: 404 }),
  INVALID_REQUEST: (texts) => ({ text: texts.notInCart, status: 404 }),
}

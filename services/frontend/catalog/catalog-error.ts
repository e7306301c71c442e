import { DomainError } from '../../../src/problem'

/** Rethrows an error of product-service with the code of its page. */
export function asCatalogError(error: unknown): never {
  if (!(error instanceof DomainError)) throw error
  if (error.code === 'UNAVAILABLE') throw new DomainError('CATALOG_UNAVAILABLE', {}, { cause: error })
  if (error.code === 'NOT_FOUND') throw new DomainError('NO_SUCH_PRODUCT', {}, { cause: error })
  if (error.code === 'INVALID_REQUEST') throw new DomainError('INVALID_SEARCH', {}, { cause: error })
  throw error
}

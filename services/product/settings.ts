import { z } from 'zod'
import { commonSettings, databaseDescription, type FieldBuilders } from '../../src/settings'
import { defaultStock } from './seed'

export const productSettings = (is: FieldBuilders) => ({
  ...commonSettings(is, 5002),
  DATABASE_URL: is.database('.data/product.sqlite').describe(databaseDescription),
  USER_SERVICE_URL: is.url('http://127.0.0.1:5001').describe('Address of user-service'),
  SEED_STOCK: z.coerce
    .number()
    .int()
    .min(0)
    .default(defaultStock)
    .describe('Pieces of each product of a new catalog; ignored in production'),
})

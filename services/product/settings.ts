import { z } from 'zod'
import { commonSettings, databaseDescription, type FieldBuilders } from '../../src/settings'
import { defaultStock } from './seed'

export const productSettings = (field: FieldBuilders) => ({
  ...commonSettings(field, 5002),
  DATABASE_URL: field.database('.data/product.sqlite').describe(databaseDescription),
  USER_SERVICE_URL: field.url('http://127.0.0.1:5001').describe('Address of user-service'),
  SEED_STOCK: z.coerce
    .number()
    .int()
    .min(0)
    .default(defaultStock)
    .describe('Pieces of each product of a new catalog; ignored in production'),
})

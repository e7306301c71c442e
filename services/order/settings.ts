import { commonSettings, databaseDescription, type FieldBuilders } from '../../src/settings'

export const orderSettings = (field: FieldBuilders) => ({
  ...commonSettings(field, 5003),
  DATABASE_URL: field.database('.data/order.sqlite').describe(databaseDescription),
  USER_SERVICE_URL: field.url('http://127.0.0.1:5001').describe('Address of user-service'),
  PRODUCT_SERVICE_URL: field.url('http://127.0.0.1:5002').describe('Address of product-service'),
})

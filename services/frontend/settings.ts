import { z } from 'zod'
import { commonSettings, type FieldBuilders } from '../../src/settings'

export const frontendSettings = (field: FieldBuilders) => ({
  ...commonSettings(field, 5000),
  USER_SERVICE_URL: field.url('http://127.0.0.1:5001').describe('Address of user-service'),
  PRODUCT_SERVICE_URL: field.url('http://127.0.0.1:5002').describe('Address of product-service'),
  ORDER_SERVICE_URL: field.url('http://127.0.0.1:5003').describe('Address of order-service'),
  SESSION_SECRET: field.secret('development-session-secret').describe('Encrypts the session cookie'),
  PUBLIC_ORIGIN: field
    .optionalOrigin()
    .describe(
      'The origin that browsers see, such as `https://shop.example`: for the check of forms, secure cookies and absolute links. Without it, trusted proxies say it in `X-Forwarded-Proto` and `X-Forwarded-Host`',
    ),
  PENDING_REVOCATIONS_FILE: z
    .string()
    .default('.data/frontend.sqlite')
    .describe('SQLite file with the tokens that are still to be revoked: of sign-outs while user-service was down'),
  VITRINE_CONSOLE_URL: field
    .optionalUrl()
    .describe('Development only: the console that the trace link of each page opens'),
})

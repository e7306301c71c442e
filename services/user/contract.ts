import type { ServiceContract } from '../../src/openapi/contract'
import { session } from './log-in'
import { user } from './user'

export const contract = {
  title: 'user-service',
  description: 'Users and their tokens.',
  routes: {
    'POST /api/user/create': {
      summary: 'Creates an account',
      responses: { 201: user },
      codes: ['USERNAME_TAKEN', 'EMAIL_TAKEN'],
    },
    'POST /api/user/login': {
      summary: 'Creates a token',
      responses: { 200: session },
      codes: ['BAD_CREDENTIALS'],
    },
    'POST /api/user/logout': { summary: 'Deletes the bearer token', responses: { 204: null } },
    'GET /api/user': { summary: 'The user of the bearer token', responses: { 200: user } },
  },
} as const satisfies ServiceContract

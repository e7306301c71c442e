import type { ServiceContract } from '../../src/openapi/contract'
import { pageOf } from '../page'
import { session } from './log-in'
import { sessionList } from './sessions'
import { user } from './user'

export const contract = {
  title: 'user-service',
  description: 'Users, their passwords and their sessions.',
  routes: {
    'POST /api/user/create': {
      summary: 'Creates an account; the same `Idempotency-Key` and body get the same response again',
      responses: { 201: user },
      codes: [
        'USERNAME_TAKEN',
        'EMAIL_TAKEN',
        'PASSWORD_TOO_COMMON',
        'PASSWORD_CONTAINS_NAME',
        'IDEMPOTENCY_KEY_REUSED',
        'TOO_MANY_REQUESTS',
      ],
    },
    'POST /api/user/login': {
      summary: 'Creates a token, by username or e-mail address',
      responses: { 200: session },
      codes: ['BAD_CREDENTIALS', 'TOO_MANY_REQUESTS'],
    },
    'POST /api/user/logout': { summary: 'Deletes the bearer token', responses: { 204: null } },
    'GET /api/user': { summary: 'The user of the bearer token', responses: { 200: user } },
    'PUT /api/user/password': {
      summary: 'Changes the password and ends the other sessions',
      responses: { 204: null },
      codes: ['WRONG_PASSWORD', 'PASSWORD_TOO_COMMON', 'PASSWORD_CONTAINS_NAME', 'TOO_MANY_REQUESTS'],
    },
    'GET /api/user/sessions': { summary: 'The sessions in use', responses: { 200: sessionList } },
    'DELETE /api/user/sessions': { summary: 'Ends all sessions, the current one too', responses: { 204: null } },
    'GET /api/users': { summary: 'A page of users, newest first', responses: { 200: pageOf(user, 'UserPage') } },
    'PUT /api/tokens/revoked': {
      summary: 'Revokes the token with this SHA-256; repeating it changes nothing',
      responses: { 204: null },
    },
  },
} as const satisfies ServiceContract

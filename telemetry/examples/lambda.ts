/** An AWS Lambda handler whose signals are exported before each invocation ends. */
import { createTelemetry, type Telemetry } from '@vitrine/telemetry'
import { lambdaHandler } from '@vitrine/telemetry/aws-lambda'
import { Hono } from 'hono'

export function createHandler(telemetry: Telemetry) {
  const app = new Hono().use(telemetry.middleware()).get('/hello', (c) => c.text('Hello'))
  return lambdaHandler(app)
}

// Lambda sets AWS_LAMBDA_FUNCTION_NAME, which switches to an export per request and to delta temporality.
export const handler = createHandler(createTelemetry({ serviceName: 'hello-lambda' }))

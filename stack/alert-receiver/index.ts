import { createAlertReceiver } from './app'
import { readAlertReceiverSettings } from './settings'

/**
 * `bun stack/alert-receiver/index.ts` receives Alertmanager’s webhooks in development: it prints one line per alert and
 * forwards the notifications to the console.
 */
try {
  const { host, port, consoleUrl } = readAlertReceiverSettings(process.env)
  const write = (line: string) => process.stdout.write(`${line}\n`)
  const receiver = createAlertReceiver({ write, consoleUrl })
  const server = Bun.serve({ hostname: host, port, fetch: receiver.fetch })
  write(`alerts are received at ${server.url.href}alerts${consoleUrl ? ` and forwarded to ${consoleUrl}` : ''}`)
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
} catch (error) {
  process.stderr.write(`the alert receiver cannot start: ${(error as Error).message}\n`)
  process.exit(1)
}

import { createAlertReceiver } from './app'
import { readAlertReceiverSettings } from './settings'

/**
 * The development receiver: `bun stack/alert-receiver/index.ts` takes Alertmanager's webhooks, prints a line an
 * alert, and hands them on to the console.
 */
try {
  const { host, port, consoleUrl } = readAlertReceiverSettings(process.env)
  const write = (line: string) => process.stdout.write(`${line}\n`)
  const receiver = createAlertReceiver({ write, consoleUrl })
  const server = Bun.serve({ hostname: host, port, fetch: receiver.fetch })
  write(`alerts are taken at ${server.url.href}alerts${consoleUrl ? `, and handed on to ${consoleUrl}` : ''}`)
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
} catch (error) {
  process.stderr.write(`the receiver of alerts cannot start: ${(error as Error).message}\n`)
  process.exit(1)
}

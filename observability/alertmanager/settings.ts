import type { Environment } from '../../src/settings'

/** Who is told of alerts, and how; what is not set is not told. */
export interface AlertSettings {
  email: { smarthost: string; from: string; to: string; requireTls: boolean; login: Login | undefined } | undefined
  slack: { url: string; channel: string | undefined } | undefined
  webhook: { url: string; token: string | undefined } | undefined
  /** Prints alerts, and hands them on to the console. */
  development: { url: string } | undefined
  /** For links to dashboards. */
  grafanaUrl: string | undefined
}

interface Login {
  username: string
  password: string
}

/**
 * Reads `ALERT_*` and `GRAFANA_URL`. Compose passes on what is not set as an empty text: that is as good as not there.
 * @throws Error that lists all that is half set or no address, each with what to set.
 */
export function readAlertSettings(env: Environment): AlertSettings {
  const problems: string[] = []
  const settings: AlertSettings = {
    email: email(),
    slack: optional('ALERT_SLACK_WEBHOOK_URL', 'ALERT_SLACK_CHANNEL', (url, channel) => ({ url, channel })),
    webhook: optional('ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_TOKEN', (url, token) => ({ url, token })),
    development: optional('ALERT_RECEIVER_URL', undefined, (url) => ({ url })),
    grafanaUrl: optional('GRAFANA_URL', undefined, (url) => url.replace(/\/+$/, '')),
  }
  if (problems.length === 0) return settings
  throw new Error(`settings of alerts:\n${problems.map((one) => `  ${one}`).join('\n')}`)

  function email(): AlertSettings['email'] {
    const needed = ['ALERT_SMTP_SMARTHOST', 'ALERT_SMTP_FROM', 'ALERT_EMAIL_TO']
    const login = together('a login', ['ALERT_SMTP_USERNAME', 'ALERT_SMTP_PASSWORD'])
    const given = together('e-mail', needed, login.length > 0 ? 'a login' : undefined)
    const [smarthost = '', from = '', to = ''] = given
    if (given.length === 0) return undefined
    if (!/^[^\s:/]+:\d+$/.test(smarthost))
      say('ALERT_SMTP_SMARTHOST', 'must be host:port, such as smtp.example.org:587')
    if (!from.includes('@')) say('ALERT_SMTP_FROM', 'must be an e-mail address')
    if (!to.includes('@')) say('ALERT_EMAIL_TO', 'must be an e-mail address, or several with commas between')
    const [username = '', password = ''] = login
    const requireTls = read('ALERT_SMTP_REQUIRE_TLS') !== 'false'
    if (!requireTls && password) say('ALERT_SMTP_REQUIRE_TLS', 'must not be false where a password is sent')
    return { smarthost, from, to, requireTls, login: password ? { username, password } : undefined }
  }

  /** All of them or none; `because` is what else asks for them. */
  function together(what: string, names: string[], because?: string): string[] {
    const missing = names.filter((name) => !read(name))
    if (missing.length === names.length && !because) return []
    for (const name of missing) say(name, `is needed for ${what}: set it, or none of ${names.join(', ')}`)
    return missing.length === 0 ? names.map((name) => read(name) ?? '') : []
  }

  function optional<T>(name: string, extra: string | undefined, make: (url: string, extra?: string) => T) {
    const url = read(name)
    const more = extra && read(extra)
    if (!url && more) say(name, `is needed where ${extra} is set`)
    if (!url) return undefined
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) say(name, 'must be an http(s) address')
    return make(url, more)
  }

  function read(name: string): string | undefined {
    return env[name]?.trim() || undefined
  }

  function say(name: string, problem: string): void {
    problems.push(`${name}: ${problem}`)
  }
}

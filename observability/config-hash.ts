/**
 * The collector and Jaeger have no API for their configuration. Each file contains a hash of itself, which the server reports as a
 * label of `target_info`; `bun run validate` compares it with the repository.
 */
const hashField = /(vitrine\.config: )[^ ,}]+/

export const hashedConfigFiles = ['collector.yaml', 'observability/jaeger/jaeger.yaml'] as const

/** Twelve hexadecimal digits of a configuration’s text, without the hash that it contains. */
export function configHashOf(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text.replace(hashField, '$1')).digest('hex').slice(0, 12)
}

/** Inserts the hash into the text. @throws Error without a field `vitrine.config` */
export function withConfigHash(text: string): string {
  if (!hashField.test(text)) throw new Error('no `vitrine.config: …` under service.telemetry.resource')
  return text.replace(hashField, `$1${configHashOf(text)}`)
}

if (import.meta.main) {
  for (const file of hashedConfigFiles) await Bun.write(file, withConfigHash(await Bun.file(file).text()))
}

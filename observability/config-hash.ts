/**
 * A collector and Jaeger tell nobody how they are configured. So each of their files carries a stamp of itself, which they show
 * as a label of `target_info`: by it the running configuration can be told from the repository's.
 */
const place = /(vitrine\.config: )[^ ,}]+/

export const hashedConfigFiles = ['collector.yaml', 'observability/jaeger/jaeger.yaml'] as const

/** Twelve hexadecimal digits of a configuration's text, whatever stamp it carries. */
export function configHashOf(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text.replace(place, '$1')).digest('hex').slice(0, 12)
}

/** The text with its stamp. @throws Error when it has no place for one */
export function withConfigHash(text: string): string {
  if (!place.test(text)) throw new Error('no `vitrine.config: …` under service.telemetry.resource')
  return text.replace(place, `$1${configHashOf(text)}`)
}

if (import.meta.main) {
  for (const file of hashedConfigFiles) await Bun.write(file, withConfigHash(await Bun.file(file).text()))
}

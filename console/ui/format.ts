export type Lang = 'fr' | 'en'

const narrow = '\u202f'
const noBreak = '\u00a0'

/** Formats numbers, durations and times in a language. `Intl` formatters are slow to create, so each language has one set. */
function createFormat(lang: Lang) {
  const locale = lang === 'fr' ? 'fr-FR' : 'en-GB'
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium' })
  return { number, count, duration, rate, share, bytes, time, ago, moment: (us: number) => moment.format(us / 1000) }

  /** With three significant digits. */
  function number(value: number): string {
    if (!Number.isFinite(value)) return '–'
    return Math.abs(value) >= 1000 ? whole.format(value) : short.format(value)
  }

  function count(value: number): string {
    return whole.format(value)
  }

  /** `42 ms`, from microseconds. */
  function duration(us: number): string {
    if (us < 1000) return `${short.format(us)}${noBreak}µs`
    if (us < 1_000_000) return `${short.format(us / 1000)}${noBreak}ms`
    if (us < 120_000_000) return `${short.format(us / 1_000_000)}${noBreak}s`
    return `${short.format(us / 60_000_000)}${noBreak}min`
  }

  /** `3,2/s`, from a count and a duration. */
  function rate(count: number, seconds: number): string {
    return `${number(count / seconds)}/s`
  }

  /** `1,2 %`, from a share of 1. */
  function share(part: number): string {
    const percent = part * 100
    const shown = percent > 0 && percent < 0.1 ? `<${noBreak}${short.format(0.1)}` : short.format(percent)
    return `${shown}${lang === 'fr' ? narrow : ''}%`
  }

  function bytes(value: number): string {
    const units = lang === 'fr' ? ['o', 'Ko', 'Mo', 'Go'] : ['B', 'KB', 'MB', 'GB']
    const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log(value) / Math.log(1024)))
    return `${short.format(value / 1024 ** step)}${noBreak}${units[step]}`
  }

  /** `19:05:07,327`, with the day unless it is today. */
  function time(us: number): string {
    const ms = us / 1000
    const isToday = new Date(ms).toDateString() === new Date().toDateString()
    const fraction = String(Math.floor(ms % 1000)).padStart(3, '0')
    return `${isToday ? '' : `${day.format(ms)} `}${clock.format(ms)}${lang === 'fr' ? ',' : '.'}${fraction}`
  }

  /** `il y a 12 s`. */
  function ago(us: number, nowMs = Date.now()): string {
    const seconds = Math.max(0, Math.round(nowMs - us / 1000) / 1000)
    const units: [number, string][] = [
      [86_400, lang === 'fr' ? 'j' : 'd'],
      [3600, 'h'],
      [60, 'min'],
      [1, 's'],
    ]
    const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's']
    const amount = `${Math.floor(seconds / size)}${noBreak}${unit}`
    return lang === 'fr' ? `il y a ${amount}` : `${amount} ago`
  }
}

export const formats = { fr: createFormat('fr'), en: createFormat('en') }
export type Format = (typeof formats)['fr']

// Created once: a formatter takes 15 µs to create and 0.3 µs to use.
const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' })
const moments = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' })

/** `1 299,99 €` */
export const formatPrice = (cents: number): string => euros.format(cents / 100)

/** `23 novembre 2026 à 21:18`, from ISO 8601. */
export const formatDateTime = (iso: string): string => moments.format(new Date(iso))

/**
 * Stands for the idempotency key of a form in memoized HTML: too short for a key, so that a form that still has it has none.
 * Guests need none, because their cart is in their session. It starts with a private character, which no text of a page has.
 */
export const pageKeyPlaceholder = '\u{e000}key'

/** Gives the forms of a page a key of their own. */
export const withPageKey = (html: string): string => html.replaceAll(pageKeyPlaceholder, crypto.randomUUID())

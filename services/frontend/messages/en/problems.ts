import type { Messages } from '../fr'
import { english as t } from '../typography'
import { formats } from './formats'

const { formatWait } = formats

export const problems: Messages['problems'] = {
  tooMany: (seconds) => ({
    title: t`Too many requests`,
    advice: t`You are faster than the shop. Wait ${formatWait(seconds)}, then try again.`,
  }),
  byCode: {
    CATALOG_UNAVAILABLE: {
      title: t`The catalog is unavailable at the moment`,
      advice: t`Our shown do not respond right now. Your cart and your orders are safe: try again in a moment.`,
    },
    BODY_TIMEOUT: {
      title: t`Sending took too long`,
      advice: t`Your request did not arrive in full. Check your connection, then try again.`,
    },
    TOO_MANY_CONCURRENT_REQUESTS: {
      title: t`Too many requests at once`,
      advice: t`Many requests reach us from your connection at the same time. Try again in a moment.`,
    },
    STORAGE_FULL: {
      title: t`We cannot save anything at the moment`,
      advice: t`You can keep browsing the shop. Nothing is lost: try again in a few moments.`,
    },
    OVERLOADED: {
      title: t`Too many people at once`,
      advice: t`The shop is full. Your cart is waiting for you: try again in a moment.`,
    },
    NO_SUCH_PRODUCT: {
      title: t`There is no such product`,
      advice: t`It may have left the shop. The others are this way.`,
    },
    INVALID_SEARCH: {
      title: t`This search is not possible`,
      advice: t`There is no such order, the search is too long, or the link is incomplete. Start again from the products page.`,
    },
    NO_SUCH_ORDER: {
      title: t`There is no such order`,
      advice: t`Check the address, or find your orders in the menu.`,
    },
  },
  byStatus: {
    400: {
      title: t`Incorrect request`,
      advice: t`Something is missing or wrong in this request. Start again from the previous page.`,
    },
    403: {
      title: t`Not allowed`,
      advice: t`You have no access to this page, or the form comes from another site. Reload the page and start again.`,
    },
    404: { title: t`Page not found`, advice: t`This address leads nowhere. It may have changed.` },
    405: { title: t`Not possible here`, advice: t`This address exists, but not for what you asked.` },
    408: {
      title: t`Too slow`,
      advice: t`What you sent did not arrive in time. Check your connection, then try again.`,
    },
    413: { title: t`Too much at once`, advice: t`Shorten what you entered, then try again.` },
    415: { title: t`Unsupported format`, advice: t`We only accept the forms of this shop.` },
    500: {
      title: t`Something went wrong`,
      advice: t`This is not your fault: we have been notified. Try again in a moment.`,
    },
    503: {
      title: t`Service unavailable at the moment`,
      advice: t`A part of the shop does not respond. Try again in a moment.`,
    },
  },
}

/** What every page has: it stays fresh by itself while nobody reads it, and obeys the keyboard. */
import { watchKeys } from './_keys.js'
import { startLiveUpdates } from './_live.js'

watchKeys()
if (document.querySelector('#live[data-live]')) startLiveUpdates()

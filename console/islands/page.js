/** The script of every page: live updates and keyboard shortcuts. */
import { watchKeys } from './_keys.js'
import { startLiveUpdates } from './_live.js'

watchKeys()
if (document.querySelector('#live[data-live]')) startLiveUpdates()

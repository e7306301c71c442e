import { saveReaderPosition } from './_reader-position.js'

/**
 * Listens to what comes in. While nobody reads, the page is fetched anew; while somebody does, it says how many are new. A page
 * that keeps its reader's place (`data-keeps`) is fetched anew all the same.
 */
export function startLiveUpdates() {
  const live = document.querySelector('#live')
  const mark = document.querySelector('.live-mark')
  const button = mark.querySelector('button')
  const text = mark.querySelector('.live-text')
  const keeps = live.dataset.keeps !== undefined
  const signals = live.dataset.live.split(' ')
  // Silence, too, changes some pages.
  const everyMs = Number(live.dataset.every) * 1000
  let shown = Number(live.dataset.seen)
  let latest = shown
  let shownState
  let isFetching = false
  let isPointed = false

  live.addEventListener('pointerenter', () => {
    isPointed = true
  })
  live.addEventListener('pointerleave', () => {
    isPointed = false
  })
  button.addEventListener('click', () => {
    if (!keeps) scrollTo({ top: 0 })
    refresh({ isAsked: true })
  })
  let source
  listen()
  // Browsers open six connections to a host: tabs that nobody sees hold none.
  document.addEventListener('visibilitychange', listen)
  if (everyMs > 0) setInterval(() => isRead() || refresh(), everyMs)

  function listen() {
    source?.close()
    if (document.hidden) return
    source = new EventSource(live.dataset.stream)
    source.onmessage = ({ data }) => {
      const newest = JSON.parse(data)
      latest = signals.reduce((sum, signal) => sum + newest[signal], 0)
      say(mark.dataset.liveText, false)
      consider(data)
    }
    source.onerror = () => say(mark.dataset.offline, true)
  }

  function consider(state) {
    const fresh = latest - shown
    // A trace that is here may have grown; less than before is a console that has begun anew.
    const isStale = state !== shownState && (fresh !== 0 || signals.includes('traces'))
    if (!isStale) return
    if (!isRead() || fresh < 0) {
      shownState = state
      return refresh({ isAsked: fresh < 0 })
    }
    offer()
  }

  function offer() {
    const fresh = latest - shown
    if (fresh <= 0) return
    button.hidden = false
    text.textContent = `${fresh} ${mark.dataset.fresh}`
  }

  function isRead() {
    const selection = getSelection()
    const isSelected = selection && !selection.isCollapsed
    // Not between a press and its click.
    if (keeps) return document.hidden || isSelected || live.querySelector(':active')
    const isInside = live.contains(document.activeElement) || live.querySelector('details[open]') || hasTyped()
    return document.hidden || scrollY > 80 || isPointed || isInside || isSelected
  }

  function hasTyped() {
    return [...live.querySelectorAll('input')].some(({ value, defaultValue }) => value !== defaultValue)
  }

  async function refresh({ isAsked = false } = {}) {
    if (isFetching) return
    isFetching = true
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
      const whole = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = whole.querySelector('#live')
      if (!answer.ok || !fresh) return
      // Somebody may have begun to read while it was fetched.
      if (!isAsked && isRead()) {
        shownState = undefined
        return offer()
      }
      const place = keeps ? saveReaderPosition(live) : undefined
      live.replaceChildren(...fresh.childNodes)
      // A trace is named by its first span, which may come last.
      document.querySelector('h1').textContent = whole.querySelector('h1').textContent
      document.title = whole.title
      place?.fill()
      shown = Number(fresh.dataset.seen)
      button.hidden = true
      text.textContent = mark.dataset.liveText
      document.dispatchEvent(new CustomEvent('live:fresh'))
      place?.settle()
    } catch {
      // The console is away; EventSource says so, and tries again.
    } finally {
      isFetching = false
    }
  }

  function say(words, isOffline) {
    mark.classList.toggle('offline', isOffline)
    if (button.hidden) text.textContent = words
  }
}

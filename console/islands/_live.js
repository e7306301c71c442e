/** Listens to what comes in. While nobody reads, the page is fetched anew; while somebody does, it says how many are new. */
export function keepFresh() {
  const live = document.querySelector('#live')
  const mark = document.querySelector('.live-mark')
  const button = mark.querySelector('button')
  const text = mark.querySelector('.live-text')
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
    scrollTo({ top: 0 })
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
    source = new EventSource('/events')
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
    const isInside = live.contains(document.activeElement) || live.querySelector('details[open]') || hasTyped()
    return document.hidden || scrollY > 80 || isPointed || isInside || (selection && !selection.isCollapsed)
  }

  function hasTyped() {
    return [...live.querySelectorAll('input')].some(({ value, defaultValue }) => value !== defaultValue)
  }

  async function refresh({ isAsked = false } = {}) {
    if (isFetching) return
    isFetching = true
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#live')
      if (!answer.ok || !fresh) return
      // Somebody may have begun to read while it was fetched.
      if (!isAsked && isRead()) {
        shownState = undefined
        return offer()
      }
      live.replaceChildren(...fresh.childNodes)
      shown = Number(fresh.dataset.seen)
      button.hidden = true
      text.textContent = mark.dataset.liveText
      document.dispatchEvent(new CustomEvent('live:fresh'))
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

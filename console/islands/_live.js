import { saveReaderPosition } from './_reader-position.js'

/**
 * Refreshes the page when telemetry arrives, or only shows the number of new entries while the user reads. A page with
 * `data-keeps` refreshes in any case and restores the reader's position.
 */
export function startLiveUpdates() {
  const live = document.querySelector('#live')
  const status = document.querySelector('.live-mark')
  const button = status.querySelector('button')
  const text = status.querySelector('.live-text')
  const keepsPosition = live.dataset.keeps !== undefined
  const sources = live.dataset.live.split(' ')
  // Some pages also change without telemetry: a silent service fires an alert.
  const everyMs = Number(live.dataset.every) * 1000
  let shownCount = Number(live.dataset.seen)
  let latestCount = shownCount
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
    if (!keepsPosition) scrollTo({ top: 0 })
    refresh({ isForced: true })
  })
  let events
  connect()
  // Browsers open at most six connections to a host, so hidden tabs close theirs.
  document.addEventListener('visibilitychange', connect)
  if (everyMs > 0) setInterval(() => isReading() || refresh(), everyMs)

  function connect() {
    events?.close()
    if (document.hidden) return
    events = new EventSource(live.dataset.stream)
    events.onmessage = ({ data }) => {
      const counts = JSON.parse(data)
      latestCount = sources.reduce((sum, source) => sum + counts[source], 0)
      showStatus(status.dataset.liveText, false)
      update(data)
    }
    events.onerror = () => showStatus(status.dataset.offline, true)
  }

  function update(state) {
    const newCount = latestCount - shownCount
    // Listed traces can grow while the count stays equal. A lower count means that the console restarted.
    const isStale = state !== shownState && (newCount !== 0 || sources.includes('traces'))
    if (!isStale) return
    if (!isReading() || newCount < 0) {
      shownState = state
      return refresh({ isForced: newCount < 0 })
    }
    offerRefresh()
  }

  function offerRefresh() {
    const newCount = latestCount - shownCount
    if (newCount <= 0) return
    button.hidden = false
    text.textContent = `${newCount} ${status.dataset.fresh}`
  }

  function isReading() {
    const selection = getSelection()
    const isSelected = selection && !selection.isCollapsed
    // A refresh between mouse down and mouse up would lose the click.
    if (keepsPosition) return document.hidden || isSelected || live.querySelector(':active')
    const isInside = live.contains(document.activeElement) || live.querySelector('details[open]') || hasTyped()
    return document.hidden || scrollY > 80 || isPointed || isInside || isSelected
  }

  function hasTyped() {
    return [...live.querySelectorAll('input')].some(({ value, defaultValue }) => value !== defaultValue)
  }

  async function refresh({ isForced = false } = {}) {
    if (isFetching) return
    isFetching = true
    try {
      const response = await fetch(location.href, { headers: { Accept: 'text/html' } })
      const newDocument = new DOMParser().parseFromString(await response.text(), 'text/html')
      const newLive = newDocument.querySelector('#live')
      if (!response.ok || !newLive) return
      // The user can start to read during the fetch.
      if (!isForced && isReading()) {
        shownState = undefined
        return offerRefresh()
      }
      const position = keepsPosition ? saveReaderPosition(live) : undefined
      live.replaceChildren(...newLive.childNodes)
      // The title of a trace is the name of its root span, which can arrive last.
      document.querySelector('h1').textContent = newDocument.querySelector('h1').textContent
      document.title = newDocument.title
      position?.restoreContent()
      shownCount = Number(newLive.dataset.seen)
      button.hidden = true
      text.textContent = status.dataset.liveText
      document.dispatchEvent(new CustomEvent('live:fresh'))
      position?.restoreView()
    } catch {
      // The console is unreachable. EventSource reports this and reconnects.
    } finally {
      isFetching = false
    }
  }

  function showStatus(message, isOffline) {
    status.classList.toggle('offline', isOffline)
    if (button.hidden) text.textContent = message
  }
}

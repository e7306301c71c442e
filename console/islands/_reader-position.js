/**
 * Where a reader is in `root`: what they have opened, typed and focused, and how far they have scrolled. After its content was
 * replaced `fill` opens and types it again, and `settle` leads back there. Parts are known by the id that they stand in.
 */
export function saveReaderPosition(root) {
  const opened = [...root.querySelectorAll('details[open]')].map(placeOf)
  const typed = [...root.querySelectorAll('input[type=search]')].map((field) => [placeOf(field), field.value])
  const active = root.contains(document.activeElement) ? document.activeElement : undefined
  const focused = active && placeOf(active)
  const caret = active?.matches('input') ? [active.selectionStart, active.selectionEnd] : undefined
  const [anchor, top] = scrollY > 0 ? anchorOf(root, active) : []
  return { fill, settle }

  function fill() {
    for (const place of opened) if (found(place)) found(place).open = true
    for (const [place, value] of typed) if (found(place)) found(place).value = value
  }

  function settle() {
    const element = focused && found(focused)
    element?.focus({ preventScroll: true })
    if (caret) element?.setSelectionRange(...caret)
    const now = anchor && document.getElementById(anchor)
    if (now) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: 'instant' })
  }
}

function placeOf(element) {
  const home = element.closest('[id]')
  return { id: home.id, kind: element.localName, index: [...home.querySelectorAll(element.localName)].indexOf(element) }
}

function found({ id, kind, index }) {
  return document.getElementById(id)?.querySelectorAll(kind)[index]
}

// What is focused, where it is in sight; else the first that is.
function anchorOf(root, active) {
  const all = [active?.closest('[id]'), ...root.querySelectorAll('[id]')].filter(Boolean)
  const seen = all.find((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight && element !== root
  })
  return seen ? [seen.id, seen.getBoundingClientRect().top] : []
}

/**
 * Saves the reader's position in `root`: open details, search texts, focus and scroll position. After the content of `root` is
 * replaced, `restoreContent` restores the first two and `restoreView` the others. Elements are found by their nearest id.
 */
export function saveReaderPosition(root) {
  const opened = [...root.querySelectorAll('details[open]')].map(locate)
  const typed = [...root.querySelectorAll('input[type=search]')].map((field) => [locate(field), field.value])
  const active = root.contains(document.activeElement) ? document.activeElement : undefined
  const focused = active && locate(active)
  const caret = active?.matches('input') ? [active.selectionStart, active.selectionEnd] : undefined
  const [anchor, top] = scrollY > 0 ? anchorOf(root, active) : []
  return { restoreContent, restoreView }

  function restoreContent() {
    for (const location of opened) if (find(location)) find(location).open = true
    for (const [location, value] of typed) if (find(location)) find(location).value = value
  }

  function restoreView() {
    const element = focused && find(focused)
    element?.focus({ preventScroll: true })
    if (caret) element?.setSelectionRange(...caret)
    const newAnchor = anchor && document.getElementById(anchor)
    if (newAnchor) scrollBy({ top: newAnchor.getBoundingClientRect().top - top, behavior: 'instant' })
  }
}

function locate(element) {
  const ancestor = element.closest('[id]')
  const { localName } = element
  return { id: ancestor.id, localName, index: [...ancestor.querySelectorAll(localName)].indexOf(element) }
}

function find({ id, localName, index }) {
  return document.getElementById(id)?.querySelectorAll(localName)[index]
}

// The element with the focus if it is visible, otherwise the first visible element.
function anchorOf(root, active) {
  const all = [active?.closest('[id]'), ...root.querySelectorAll('[id]')].filter(Boolean)
  const visible = all.find((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight && element !== root
  })
  return visible ? [visible.id, visible.getBoundingClientRect().top] : []
}

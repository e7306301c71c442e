/** Keyboard shortcuts: `j` and `k` focus the next and the previous row, `/` the search, `?` opens the help, `g` and a letter a page. */
export function watchKeys() {
  let isAfterG = false
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (isAfterG) openPage(event.key)
    isAfterG = event.key === 'g'
    if (event.key === 'j') focusRow(1)
    if (event.key === 'k') focusRow(-1)
    if (event.key === '?') document.querySelector('#keys')?.showModal()
    if (event.key === '/') {
      const field = document.querySelector('input[type=search]')
      if (!field) return
      event.preventDefault()
      field.focus()
      field.select()
    }
  })
}

function isTyping(element) {
  return element.matches?.('input, select, textarea')
}

function focusRow(step) {
  const rows = [...document.querySelectorAll('[data-row]')].filter((row) => row.offsetParent !== null)
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement))
  const next = rows[at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))]
  const target = next?.matches('a, button, [tabindex]') ? next : next?.querySelector('a, button')
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
}

function openPage(key) {
  document.querySelector(`nav a[data-key="${CSS.escape(key)}"]`)?.click()
}

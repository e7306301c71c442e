/** The script of the waterfall: search while typing, collapse, copy, and open the span in the URL's hash. */
let rows = []
let openedHash
const collapsed = new Set()

setUp()
document.addEventListener('live:fresh', setUp)
addEventListener('hashchange', openTarget)

function setUp() {
  rows = [...document.querySelectorAll('.waterfall li[id]')]
  search(document.querySelector('[data-trace-search]'))
  for (const row of rows) if (row.dataset.below) addToggle(row)
  for (const row of rows) if (collapsed.has(row.id)) updateDescendants(row)
  for (const link of document.querySelectorAll('[data-copy]')) link.addEventListener('click', copy)
  // The span in the hash can arrive after the page is loaded.
  if (location.hash !== openedHash) openTarget()
}

function search(form) {
  const field = form.querySelector('input')
  const output = form.querySelector('output')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    focusNextMatch()
  })
  field.addEventListener('input', highlight)
  if (field.value !== field.defaultValue) highlight()

  function highlight() {
    const query = field.value.trim().toLowerCase()
    let count = 0
    for (const row of rows) {
      const isMatch = query !== '' && row.textContent.toLowerCase().includes(query)
      row.classList.toggle('match', isMatch)
      row.classList.toggle('other', query !== '' && !isMatch)
      if (isMatch) count++
    }
    const matchText = count === 1 ? form.dataset.matchesOne : form.dataset.matchesMany.replace('2', count)
    output.textContent = query === '' ? '' : matchText
  }
}

function focusNextMatch() {
  const matches = rows.filter((row) => row.classList.contains('match'))
  const at = matches.findIndex((row) => row.contains(document.activeElement))
  const next = matches[(at + 1) % matches.length]
  next?.querySelector('summary').focus()
  next?.scrollIntoView({ block: 'center' })
}

function addToggle(row) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'toggle'
  showToggle(button, !collapsed.has(row.id))
  button.setAttribute('aria-label', row.querySelector('.what').textContent)
  button.addEventListener('click', (event) => {
    event.preventDefault()
    const isOpen = button.getAttribute('aria-expanded') === 'true'
    showToggle(button, !isOpen)
    if (isOpen) collapsed.add(row.id)
    else collapsed.delete(row.id)
    updateDescendants(row)
  })
  row.prepend(button)
}

function showToggle(button, isOpen) {
  button.setAttribute('aria-expanded', String(isOpen))
  button.textContent = isOpen ? '▾' : '▸'
}

// A row is hidden while any row above it in the tree is collapsed.
function updateDescendants(row) {
  const at = rows.indexOf(row)
  let hiddenBelow = Number.POSITIVE_INFINITY
  for (const entry of rows.slice(at, at + Number(row.dataset.below) + 1)) {
    const depth = Number(entry.dataset.depth)
    if (depth <= hiddenBelow) hiddenBelow = Number.POSITIVE_INFINITY
    entry.hidden = depth > hiddenBelow
    if (!entry.hidden && entry.querySelector('.toggle')?.getAttribute('aria-expanded') === 'false') hiddenBelow = depth
  }
}

async function copy(event) {
  event.preventDefault()
  const link = event.currentTarget
  const label = link.textContent
  const text = link.dataset.copy === 'link' ? link.href : await (await fetch(link.href)).text()
  await navigator.clipboard.writeText(text)
  link.textContent = link.dataset.done
  setTimeout(() => {
    link.textContent = label
  }, 1500)
}

function openTarget() {
  const row = location.hash.startsWith('#s-') && document.getElementById(location.hash.slice(1))
  if (!row) return
  openedHash = location.hash
  row.querySelector('details').open = true
  row.querySelector('summary').focus({ preventScroll: true })
  row.scrollIntoView({ block: 'center' })
}

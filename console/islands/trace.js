/** The waterfall at hand: search as one types, collapse, copy, and open what an address points at. */
let rows = []
let opened
const collapsed = new Set()

begin()
document.addEventListener('live:fresh', begin)
addEventListener('hashchange', openTarget)

function begin() {
  rows = [...document.querySelectorAll('.waterfall li[id]')]
  search(document.querySelector('[data-trace-search]'))
  for (const row of rows) if (row.dataset.below) addToggle(row)
  for (const row of rows) if (collapsed.has(row.id)) showBelow(row)
  for (const link of document.querySelectorAll('[data-copy]')) link.addEventListener('click', copy)
  // The span that an address points at may come later than its reader.
  if (location.hash !== opened) openTarget()
}

function search(form) {
  const field = form.querySelector('input')
  const output = form.querySelector('output')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    toNext()
  })
  field.addEventListener('input', mark)
  if (field.value !== field.defaultValue) mark()

  function mark() {
    const wanted = field.value.trim().toLowerCase()
    let count = 0
    for (const row of rows) {
      const isMatch = wanted !== '' && row.textContent.toLowerCase().includes(wanted)
      row.classList.toggle('match', isMatch)
      row.classList.toggle('other', wanted !== '' && !isMatch)
      if (isMatch) count++
    }
    const words = count === 1 ? form.dataset.matchesOne : form.dataset.matchesMany.replace('2', count)
    output.textContent = wanted === '' ? '' : words
  }
}

function toNext() {
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
  show(button, !collapsed.has(row.id))
  button.setAttribute('aria-label', row.querySelector('.what').textContent)
  button.addEventListener('click', (event) => {
    event.preventDefault()
    const isOpen = button.getAttribute('aria-expanded') === 'true'
    show(button, !isOpen)
    if (isOpen) collapsed.add(row.id)
    else collapsed.delete(row.id)
    showBelow(row)
  })
  row.prepend(button)
}

function show(button, isOpen) {
  button.setAttribute('aria-expanded', String(isOpen))
  button.textContent = isOpen ? '▾' : '▸'
}

// A row is hidden while any row above it in the tree is collapsed.
function showBelow(row) {
  const at = rows.indexOf(row)
  let hiddenBelow = Number.POSITIVE_INFINITY
  for (const one of rows.slice(at, at + Number(row.dataset.below) + 1)) {
    const depth = Number(one.dataset.depth)
    if (depth <= hiddenBelow) hiddenBelow = Number.POSITIVE_INFINITY
    one.hidden = depth > hiddenBelow
    if (!one.hidden && one.querySelector('.toggle')?.getAttribute('aria-expanded') === 'false') hiddenBelow = depth
  }
}

async function copy(event) {
  event.preventDefault()
  const link = event.currentTarget
  const words = link.textContent
  const text = link.dataset.copy === 'link' ? link.href : await (await fetch(link.href)).text()
  await navigator.clipboard.writeText(text)
  link.textContent = link.dataset.done
  setTimeout(() => {
    link.textContent = words
  }, 1500)
}

function openTarget() {
  const row = location.hash.startsWith('#s-') && document.getElementById(location.hash.slice(1))
  if (!row) return
  opened = location.hash
  row.querySelector('details').open = true
  row.querySelector('summary').focus({ preventScroll: true })
  row.scrollIntoView({ block: 'center' })
}

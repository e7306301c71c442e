// Updates the totals while quantities are edited, and saves each quantity without leaving the page. The pay form submits
// only a total that the server has returned; it waits for unsaved quantities.
const cart = document.querySelector('[data-cart]')
const payForm = document.querySelector('[data-pay]')
const locale = document.documentElement.lang === 'en' ? 'en-GB' : 'fr-FR'
const euros = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' })
const debounceMs = 350

let changes = 0
let timer
let saving = Promise.resolve()

if (cart) {
  for (const form of cart.querySelectorAll('[data-change]')) followQuantity(form)
  payForm?.addEventListener('submit', payWhenSaved)
}

function followQuantity(form) {
  const input = form.elements.quantity
  form.dataset.saved = input.value
  input.addEventListener('input', () => {
    if (!input.checkValidity()) return
    showTotals()
    schedule(form)
  })
  input.addEventListener('change', () => {
    if (isWrong(form)) return
    save(form)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!isWrong(form)) save(form)
  })
}

// Says what is wrong with a quantity, in the language of the page: the browser would use its own.
function isWrong(form) {
  const input = form.elements.quantity
  const isValid = input.checkValidity()
  if (isValid) {
    input.removeAttribute('aria-invalid')
    return false
  }
  input.setAttribute('aria-invalid', 'true')
  const isTooMany = input.validity.rangeOverflow && form.dataset.left
  showMessage(isTooMany ? form.dataset.left : cart.dataset.wrong, 'error')
  return true
}

function schedule(form) {
  clearTimeout(timer)
  timer = setTimeout(() => save(form), debounceMs)
}

// One request after the other, so that the last response has the newest session cookie.
function save(form) {
  clearTimeout(timer)
  saving = saving.then(() => (isDirty(form) ? send(form) : undefined))
  return saving
}

async function send(form) {
  const input = form.elements.quantity
  const wanted = input.value
  const change = ++changes
  cart.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams({ quantity: wanted }),
      headers: { Accept: 'application/json' },
    })
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    // The session has ended: reloading the page redirects to the login.
    if (response.ok && !isJson) return location.reload()
    if (!response.ok) return revert(form, isJson ? (await response.json()).message : cart.dataset.failed)
    const body = await response.json()
    form.dataset.saved = wanted
    form.elements.quantity.removeAttribute('aria-invalid')
    showCart(body)
    showMessage(body.message, 'success')
  } catch {
    revert(form, cart.dataset.failed)
  } finally {
    if (change === changes) cart.removeAttribute('aria-busy')
  }
}

function revert(form, message) {
  form.elements.quantity.value = form.dataset.saved
  showTotals()
  showMessage(message, 'error')
}

async function payWhenSaved(event) {
  if (!hasUnsaved() && !cart.hasAttribute('aria-busy')) return
  event.preventDefault()
  const wrong = [...cart.querySelectorAll('[data-change]')].find(isWrong)
  if (wrong) return wrong.elements.quantity.focus()
  const shown = cart.querySelector('[data-cart-total]').textContent
  for (const form of cart.querySelectorAll('[data-change]')) save(form)
  await saving
  const isSameTotal = cart.querySelector('[data-cart-total]').textContent === shown
  const isSaved = !cart.querySelector('[data-cart-message].error') && !hasUnsaved()
  if (isSameTotal && isSaved) payForm.requestSubmit()
}

// Computes the totals from the prices in the page.
function showTotals() {
  let totalCents = 0
  for (const row of cart.querySelectorAll('[data-line]')) {
    const lineCents = Number(row.dataset.unitCents) * Number(row.querySelector('[name=quantity]').value)
    row.querySelector('[data-line-total]').textContent = euros.format(lineCents / 100)
    totalCents += lineCents
  }
  cart.querySelector('[data-cart-total]').textContent = euros.format(totalCents / 100)
}

// Shows the cart of the server, with the total that can be paid.
function showCart({ items, total, total_cents, items_count }) {
  const rows = [...cart.querySelectorAll('[data-line]')]
  if (items.length !== rows.length) return location.reload()
  for (const item of items) {
    const row = rows.find((one) => one.dataset.line === item.product_id)
    if (!row) return location.reload()
    row.dataset.unitCents = item.unit_price_cents
    row.querySelector('[data-unit-price]').textContent = item.unit_price
    if (!hasUnsaved()) row.querySelector('[data-line-total]').textContent = item.line_total
  }
  if (!hasUnsaved()) cart.querySelector('[data-cart-total]').textContent = total
  if (payForm) payForm.elements.expected_total_cents.value = total_cents
  for (const count of document.querySelectorAll('[data-cart-count]')) count.textContent = items_count
}

function showMessage(message, kind) {
  const notice = cart.querySelector('[data-cart-message]')
  // Screen readers announce an alert at once, and a status at the next pause.
  notice.setAttribute('role', kind === 'error' ? 'alert' : 'status')
  notice.textContent = message
  notice.className = `notice ${kind}`
}

function hasUnsaved() {
  return [...cart.querySelectorAll('[data-change]')].some(isDirty)
}

function isDirty(form) {
  return form.elements.quantity.value !== form.dataset.saved
}

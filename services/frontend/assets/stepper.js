// The buttons next to a quantity. cart.js saves the quantity at the event `input`.
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('[data-step]')
  if (!button) return
  const input = button.parentElement.querySelector('input')
  if (input.value === '') input.value = input.min
  else input.stepUp(Number(button.dataset.step))
  input.dispatchEvent(new Event('input', { bubbles: true }))
})

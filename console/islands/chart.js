import { draw } from './_plot.js'

/** Draws the charts of a page, and redraws them after a live update or a change of the color scheme. */
let plots = []

drawAll()
document.addEventListener('live:fresh', drawAll)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)

function drawAll() {
  for (const plot of plots) plot.destroy()
  plots = [...document.querySelectorAll('[data-chart]')].map((figure) => draw(figure, JSON.parse(figure.dataset.chart)))
}

new ResizeObserver(() => {
  for (const plot of plots) {
    const width = plot.root.parentElement.clientWidth
    if (width !== plot.width) plot.setSize({ width, height: plot.height })
  }
}).observe(document.querySelector('main'))

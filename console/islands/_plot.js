import uPlot from 'uplot'
import { formatWithUnit, isBytes } from '../metrics/units'
import { formats } from '../ui/format'
import { annotationHooks, titleHeight } from './_annotations.js'

const height = 190
const lang = document.documentElement.lang === 'en' ? 'en' : 'fr'
const format = formats[lang]
const locale = lang === 'fr' ? 'fr-FR' : 'en-GB'
const minutes = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const seconds = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })

/** Draws lines and annotations into the `.plot` of a figure. */
export function draw(figure, { unit, time, times, lines, hrefs, annotations }) {
  const container = figure.querySelector('.plot')
  container.replaceChildren()
  const colors = colorsOf(figure)
  const options = {
    width: container.clientWidth,
    height: height + titleHeight(annotations),
    padding: [8 + titleHeight(annotations), 28, 0, 0],
    hooks: annotationHooks(annotations, colors),
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_plot, _min, max) => rangeOf(lines, max) } },
    series: [
      { label: time, value: (_plot, at) => (at === null ? '–' : seconds.format(at * 1000)) },
      ...lines.map((line) => series(line, unit, colors)),
    ],
    legend: { markers: { fill: (_plot, index) => colors.of(lines[index - 1]?.color ?? 'soft') } },
    axes: [
      {
        ...axis(colors),
        size: 32,
        gap: 9,
        values: (_plot, splits, _axis, _space, step) => splits.map((at) => clock(at, step)),
      },
      {
        ...axis(colors),
        size: (_plot, values) => 14 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
        ...(isBytes(unit) && { incrs: powersOfTwo }),
        values: (_plot, splits) => splits.map((value) => formatWithUnit(format, unit, value)),
      },
    ],
  }
  const plot = new uPlot(options, [times, ...lines.map(({ values }) => values)], container)
  if (hrefs) followClicks(plot, hrefs)
  return plot
}

// Readable steps of an axis in bytes.
const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power)

function clock(at, step) {
  return (step < 60 ? seconds : minutes).format(at * 1000)
}

// The axis starts at 0 unless there are negative values.
function rangeOf(lines, max) {
  const min = Math.min(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null)))
  return [min * 1.1, max > 0 ? max * 1.1 : min < 0 ? 0 : 1]
}

function series({ name, color, isDashed }, unit, colors) {
  return {
    label: name,
    stroke: colors.of(color),
    width: 1.75,
    ...(isDashed && { dash: [5, 4] }),
    value: (_plot, value) => (value === null || value === undefined ? '–' : formatWithUnit(format, unit, value)),
    points: { size: 5 },
  }
}

function axis(colors) {
  return {
    stroke: colors.of('soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colors.of('line'), width: 1 },
    ticks: { show: false },
  }
}

function colorsOf(element) {
  const style = getComputedStyle(element)
  return { of: (name) => style.getPropertyValue(`--${name}`).trim() }
}

function followClicks(plot, hrefs) {
  plot.over.classList.add('leads')
  plot.over.addEventListener('click', () => {
    const href = hrefs[plot.cursor.idx]
    if (href) location.assign(href)
  })
}

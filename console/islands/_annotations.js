const alpha = 0.1
const rowPx = 14
const mostRows = 3

/** How much room their titles need above a plot. */
export const titleHeight = (marks) => Math.min(mostRows, marks.length) * rowPx

/** Hooks of a plot that draw what happened meanwhile: stretches below its lines, edges across and titles above them. */
export function annotationHooks(marks, colors) {
  return {
    drawClear: [(plot) => inside(plot, marks, colors, shade)],
    draw: [(plot) => inside(plot, marks, colors, edges), (plot) => inside(plot, marks, colors, titles())],
  }
}

function inside(plot, marks, colors, drawOne) {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height)
  ctx.clip()
  for (const mark of marks) {
    const x = plot.valToPos(mark.from, 'x', true)
    const end = mark.until === null ? bbox.left + bbox.width + ratio : plot.valToPos(mark.until, 'x', true)
    if (end < bbox.left || x > bbox.left + bbox.width) continue
    const color = colors.of(mark.color)
    drawOne({ ctx, bbox, ratio, mark, x, end, color })
  }
  ctx.restore()
}

function shade({ ctx, bbox, x, end, color }) {
  ctx.globalAlpha = alpha
  ctx.fillStyle = color
  ctx.fillRect(x, bbox.top, end - x, bbox.height)
}

function edges({ ctx, bbox, ratio, x, end, color }) {
  ctx.strokeStyle = color
  ctx.lineWidth = 1.5 * ratio
  ctx.setLineDash([4 * ratio, 3 * ratio])
  ctx.beginPath()
  for (const at of new Set([x, end])) {
    ctx.moveTo(at, bbox.top)
    ctx.lineTo(at, bbox.top + bbox.height)
  }
  ctx.stroke()
}

/** Each in the first row where it meets no other; the list below the charts has those for which there is no room. */
function titles() {
  const taken = Array(mostRows).fill(Number.NEGATIVE_INFINITY)
  return ({ ctx, bbox, ratio, mark, x, color }) => {
    ctx.font = `${11 * ratio}px system-ui, sans-serif`
    ctx.textAlign = 'left'
    ctx.textBaseline = 'top'
    const right = bbox.left + bbox.width
    const width = Math.min(ctx.measureText(mark.title).width, bbox.width)
    const left = Math.max(bbox.left, Math.min(x, right - width))
    const row = taken.findIndex((until) => until < left)
    if (row < 0) return
    taken[row] = left + width + 8 * ratio
    ctx.fillStyle = color
    ctx.fillText(mark.title, left, bbox.top - (row + 1) * rowPx * ratio)
  }
}

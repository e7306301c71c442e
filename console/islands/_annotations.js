const shadeAlpha = 0.1
const rowPx = 14
const maxRows = 3

/** The height in px that the titles need above a plot. */
export const titleHeight = (annotations) => Math.min(maxRows, annotations.length) * rowPx

/** Hooks of a uPlot that draw annotations: shaded periods below the lines, edges across them and titles above them. */
export function annotationHooks(annotations, colors) {
  return {
    drawClear: [(plot) => drawEach(plot, annotations, colors, shade)],
    draw: [
      (plot) => drawEach(plot, annotations, colors, edges),
      (plot) => drawEach(plot, annotations, colors, titles()),
    ],
  }
}

function drawEach(plot, annotations, colors, drawOne) {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height)
  ctx.clip()
  for (const annotation of annotations) {
    const right = bbox.left + bbox.width
    // What began after the last complete step is at the end of the axis.
    const x = Math.min(plot.valToPos(annotation.from, 'x', true), right)
    const end = annotation.until === null ? right + ratio : plot.valToPos(annotation.until, 'x', true)
    if (end < bbox.left) continue
    const color = colors.of(annotation.color)
    drawOne({ ctx, bbox, ratio, annotation, x, end, color })
  }
  ctx.restore()
}

function shade({ ctx, bbox, x, end, color }) {
  ctx.globalAlpha = shadeAlpha
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

/** Each title is in the first row that has room for it. A title without room is only in the list below the charts. */
function titles() {
  const rowEnds = Array(maxRows).fill(Number.NEGATIVE_INFINITY)
  return ({ ctx, bbox, ratio, annotation, x, color }) => {
    ctx.font = `${11 * ratio}px system-ui, sans-serif`
    ctx.textAlign = 'left'
    ctx.textBaseline = 'top'
    const right = bbox.left + bbox.width
    const width = Math.min(ctx.measureText(annotation.title).width, bbox.width)
    const left = Math.max(bbox.left, Math.min(x, right - width))
    const row = rowEnds.findIndex((end) => end < left)
    if (row < 0) return
    rowEnds[row] = left + width + 8 * ratio
    ctx.fillStyle = color
    ctx.fillText(annotation.title, left, bbox.top - (row + 1) * rowPx * ratio)
  }
}

import { openChromium, openPage } from './test/browser/chromium'

const browser = await openChromium()
for (const arg of process.argv.slice(2)) {
  const [name, width = '320', ...files] = arg.split(',')
  const page = await openPage(browser, { viewport: { width: 1600, height: 900 } })
  const html = `<body style="margin:4px;background:#999;display:flex;gap:6px;align-items:flex-start">${files.map((f) => `<div style="width:${width}px;max-height:1500px;overflow:hidden"><img src="file:///tmp/sf/shots/${f}.png" style="width:100%"></div>`).join('')}</body>`
  await Bun.write('/tmp/sf/sheet.html', html)
  await page.goto('file:///tmp/sf/sheet.html')
  await page.screenshot({ path: `/tmp/sf/${name}.png`, fullPage: true })
}
await browser.close()

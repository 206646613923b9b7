// usage: node e2e/map.mjs URL      (or URL= in the environment; SHOTS= a folder for pictures)
// Opens the page of a running server in a browser and checks what is drawn. Fails on
// any request to another host, on any error in the console, and on more than ten
// requests for fonts. Needs no font but the page's own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const url = new URL(process.argv[2] ?? process.env.URL ?? 'http://127.0.0.1:8080')
const shots = process.env.SHOTS ?? '/tmp/gridbeat-shots'
mkdirSync(shots, { recursive: true })

let passed = 0
let failed = 0
/** Runs one check; a thrown error or false is a failure that is told at once. */
async function check(name, run) {
  try {
    const said = await run()
    if (said === false) throw new Error('does not hold')
    passed++
    console.log(`ok    ${name}${typeof said === 'string' ? `: ${said}` : ''}`)
  } catch (e) {
    failed++
    console.log(`FAIL  ${name}: ${String(e.message ?? e).split('\n')[0]}`)
  }
}
const must = (holds, message) => {
  if (!holds) throw new Error(message)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--use-gl=angle', '--enable-unsafe-swiftshader',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
})

const outside = []
let fonts = [] // requests of one visit
let mostFonts = 0
const complaints = []

async function open(options = {}, hash = '') {
  fonts = []
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', colorScheme: 'light', ...options })
  const page = await context.newPage()
  page.on('request', (r) => {
    const to = new URL(r.url())
    if (['data:', 'blob:'].includes(to.protocol)) return
    if (to.host !== url.host) outside.push(r.url())
    if (r.resourceType() === 'font' || /\/fonts\/|\.woff2?$/.test(to.pathname)) mostFonts = Math.max(mostFonts, fonts.push(to.pathname + to.search))
  })
  page.on('console', (m) => {
    if (m.type() === 'error') complaints.push(m.text())
  })
  page.on('pageerror', (e) => complaints.push(`uncaught: ${e.message}`))
  page.on('response', (r) => {
    if (r.status() >= 400) complaints.push(`${r.status()} ${r.url()}`)
  })
  await page.goto(new URL(`/${hash}`, url).href)
  await page.waitForFunction(() => window.__gridbeat?.ready(), null, { timeout: 60_000 })
  await settle(page)
  return page
}

/** Waits until the map was drawn to the end and nothing has been drawn since. */
async function settle(page) {
  let last = -1
  for (let i = 0; i < 40; i++) {
    const drawn = await page.evaluate(() => window.__gridbeat.drawn())
    if (drawn === last) return
    last = drawn
    await page.waitForTimeout(250)
  }
}

const counts = (page) => page.evaluate(() => window.__gridbeat.counts())
const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) })
const text = (page, selector) => page.locator(selector).innerText()

/** How many different colours the map holds; it is given ten seconds to reach a number. */
async function colours(page, wanted) {
  for (const end = Date.now() + 10_000; ; await page.waitForTimeout(200)) {
    const n = await coloursNow(page)
    if (n >= wanted || Date.now() > end) return n
  }
}

/** How many different colours the map holds at this moment; a blank one holds one. */
async function coloursNow(page) {
  return page.evaluate(() => {
    const seen = new Set()
    for (const drawn of document.querySelectorAll('.ol-viewport canvas')) {
      if (!drawn.width) continue
      const copy = Object.assign(document.createElement('canvas'), { width: drawn.width, height: drawn.height })
      const c = copy.getContext('2d', { willReadFrequently: true })
      c.drawImage(drawn, 0, 0)
      const { data } = c.getImageData(0, 0, copy.width, copy.height)
      for (let i = 0; i < data.length; i += 4 * 97) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
    }
    return seen.size
  })
}

async function clickOn(page, selection) {
  const at = await page.evaluate((s) => window.__gridbeat.pixelOf(s), selection)
  must(at, `${selection.collection} ${selection.id} is not on the map`)
  const box = await page.locator('.ol-viewport').boundingBox()
  await page.mouse.click(box.x + at[0], box.y + at[1])
  await page.waitForTimeout(450) // a map waits that long for a second click
  await settle(page)
}

const page = await open()
const items = await page.evaluate(() => window.__gridbeat.items())

await check('the map draws what the server holds', async () => {
  const drawn = await counts(page)
  for (const layer of ['grids', 'streets', 'districts']) {
    must(items[layer] > 0, `there are no ${layer}`)
    must(drawn[layer] === items[layer], `${drawn[layer]} of ${items[layer]} ${layer} drawn`)
  }
  must(drawn.streetNames > 0, 'no street carries its name')
  return JSON.stringify(drawn)
})
await check('the map is not blank', async () => {
  const n = await colours(page, 41)
  must(n > 40, `only ${n} colours`)
  return `${n} colours`
})
await check('the legend tells real values', async () => {
  const legend = await text(page, '[data-test=legend]')
  must(/150–219/.test(legend) || /\d+–\d+/.test(legend), 'no limits of the classes')
  must(legend.includes(items.grids.toLocaleString('zh-CN')), 'not the number of grids')
  must(/隐患/.test(legend), 'no categories')
})
await check('attribution and the honesty line are always there', async () => {
  must((await text(page, '.attribution')).includes('© OpenStreetMap contributors'), 'no attribution')
  const line = await text(page, '[data-test=honesty]')
  for (const word of ['道路', '户数', '数据更新于']) must(line.includes(word), `nothing about ${word}`)
  return line.replace(/\s+/g, ' ')
})
await check('the page says that it is live', async () => {
  await page.waitForFunction(() => document.querySelector('[data-test=live]')?.classList.contains('live'), null, { timeout: 15_000 })
  must((await text(page, '[data-test=live]')).includes('实时'), 'not told')
})
await check('a scale bar is drawn', async () => must(/\d+ (m|km)/.test(await text(page, '.ol-scale-line')), 'no length'))
await shot(page, 'zh-day-grids')

const grid = await page.evaluate(() => window.__gridbeat.first('grids'))
await check('a click on a grid tells about it', async () => {
  await page.locator('[data-layer=incidents]').uncheck()
  await settle(page)
  await clickOn(page, { collection: 'grids', id: grid })
  const chosen = await page.evaluate(() => window.__gridbeat.selection())
  must(chosen?.collection === 'grids' && chosen.id === grid, `chosen: ${JSON.stringify(chosen)}`)
  const details = await text(page, '[data-test=details]')
  for (const word of [grid, '户', '150', '500', '网格长']) must(details.includes(word), `nothing about ${word}`)
  must((await page.locator('[role=option][aria-selected=true]').getAttribute('data-id')) === grid, 'the list chose another')
  await page.locator('[data-layer=incidents]').check()
})
await check('keys move through the list, and the map follows', async () => {
  await page.locator('[role=listbox]').focus()
  await page.keyboard.press('End')
  await page.waitForTimeout(500)
  const chosen = await page.evaluate(() => window.__gridbeat.selection())
  must(chosen.id !== grid, 'still the first')
  must(await page.evaluate((s) => window.__gridbeat.pixelOf(s), chosen), 'not on the map')
  await page.keyboard.press('Home')
})
await check('hovering marks a grid', async () => {
  const at = await page.evaluate((id) => window.__gridbeat.pixelOf({ collection: 'grids', id }), grid)
  const box = await page.locator('.ol-viewport').boundingBox()
  await page.mouse.move(box.x + at[0], box.y + at[1])
  await page.waitForTimeout(200)
  must((await page.locator('.ol-viewport').evaluate((v) => v.parentElement.style.cursor)) === 'pointer', 'the pointer tells nothing')
})
await shot(page, 'zh-day-details')

await check('another language keeps place and selection', async () => {
  const before = await page.evaluate(() => [location.hash.split('&')[0], window.__gridbeat.selection()?.id])
  await page.locator('[data-test=language]').click()
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  await settle(page)
  const after = await page.evaluate(() => [location.hash.split('&')[0], window.__gridbeat.selection()?.id])
  must(JSON.stringify(before) === JSON.stringify(after), `${before} became ${after}`)
  must((await text(page, '[data-test=details]')).includes('Grid leader'), 'details are not in English')
  must((await text(page, '[data-test=honesty]')).includes('Streets: real'), 'the honesty line is not in English')
  const left = await page.locator('nav .summary, [data-test=honesty], .tabs').allInnerTexts()
  must(!/[户数据事件网格条]{2}/.test(left.join(' ')), 'Chinese words are left')
})
await shot(page, 'en-day-details')
await check('dark is dark, and stays after a reload', async () => {
  await page.locator('[data-test=theme]').click()
  await settle(page)
  const dark = () => page.evaluate(() => {
    const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)
    return document.documentElement.dataset.theme === 'dark' && r + g + b < 150
  })
  must(await dark(), 'the page is not dark')
  await page.keyboard.press('Escape')
  await shot(page, 'en-dark-grids')
  await page.reload()
  await page.waitForFunction(() => window.__gridbeat?.ready())
  must(await dark(), 'light again after a reload')
})
await page.locator('#tab-incidents').click()
await settle(page)
await check('incidents are listed and drawn, with their clocks', async () => {
  if (items.incidents === 0) return 'the store holds none'
  must((await counts(page)).incidents === items.incidents, 'not all are drawn')
  const first = await page.evaluate(() => window.__gridbeat.first('incidents'))
  await page.locator(`[role=option][data-id="${first}"]`).click()
  await page.waitForTimeout(500)
  const details = await text(page, '[data-test=details]')
  must(/Answer due/.test(details) && /Close due/.test(details), 'no clocks')
})
await shot(page, 'en-dark-incidents')
await page.locator('#tab-routes').click()
await settle(page)
await check('routes are listed and drawn, and the plan tells its bound', async () => {
  if (items.patrols === 0) return 'the store holds none'
  const first = await page.evaluate(() => window.__gridbeat.first('patrols'))
  must((await counts(page)).patrols === items.patrols, 'not all are there')
  const said = await text(page, '[data-test=honesty]')
  must(/bound/i.test(said) && !/optimal/i.test(await text(page, 'body')), `the line says: ${said}`)
  await shot(page, 'en-dark-routes')
  await page.locator(`[role=option][data-id="${first}"]`).click()
  await page.waitForTimeout(500)
  must(/km/.test(await text(page, '[data-test=details]')), 'no length')
})
await shot(page, 'en-dark-route')
await check('every Chinese label has its glyphs', async () => {
  const missing = await page.evaluate(() => {
    const shown = new Set(document.body.innerText)
    const canvas = Object.assign(document.createElement('canvas'), { width: 24, height: 24 })
    const c = canvas.getContext('2d', { willReadFrequently: true })
    const draw = (char) => {
      c.clearRect(0, 0, 24, 24)
      c.font = "20px 'Gridbeat', monospace"
      c.fillText(char, 2, 20)
      return c.getImageData(0, 0, 24, 24).data.join()
    }
    const box = draw('\u{10fffd}')
    return [...shown].filter((char) => /\p{Script=Han}/u.test(char) && draw(char) === box)
  })
  must(missing.length === 0, `no glyph for ${missing.join('')}`)
})
const light = await open({ locale: 'en-US' }, '#view=routes')
await check('a link opens what it says, in the browser’s language', async () => {
  must((await light.evaluate(() => document.documentElement.lang)) === 'en', 'not in English')
  must((await light.locator('#tab-routes').getAttribute('aria-selected')) === 'true', 'not on the routes')
})
await shot(light, 'en-day-routes')
await light.context().close()

const dim = await open({ colorScheme: 'dark' })
await check('the system’s dark is taken over', async () =>
  must((await dim.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'it is light'))
await shot(dim, 'zh-dark-grids')
await dim.context().close()

const small = await open({ viewport: { width: 390, height: 844 } })
await check('a phone shows the map, nothing wider than the screen', async () => {
  must((await small.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'it scrolls sideways')
  must((await colours(small, 21)) > 20, 'the map is blank')
})
await shot(small, 'zh-phone')
await small.context().close()

await check('no request leaves this server', () => must(outside.length === 0, outside.join(' ')))
await check('no error in the console, and no refused request', () => must(complaints.length === 0, complaints.slice(0, 5).join(' | ')))
await check('at most ten requests for fonts in a visit', () => {
  must(mostFonts > 0, 'none at all: whose glyphs were these?')
  must(mostFonts <= 10, `${mostFonts} requests`)
  return `${mostFonts}`
})

await browser.close()
console.log(`pictures in ${shots}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

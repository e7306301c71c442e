import { expect, test } from 'bun:test'
import { readEndpoints } from '../stack/endpoints'
import { readOptions } from './options'
import { maxJourneys, type Settings, scenariosOf, shapeNames, shopperCount, stairsOf } from './shapes'
import { steps, thresholdsOf } from './thresholds'

const endpoints = await readEndpoints({})
const settingsOf = (...args: string[]): Settings => readOptions(args, {}, endpoints).settings

test.each(shapeNames)('%s has scenarios of arrival rates, with whole numbers that k6 accepts', (shape) => {
  for (const args of [[], ['--rate', '0.7', '--duration', '30s']]) {
    for (const [name, scenario] of Object.entries(scenariosOf(settingsOf(shape, ...args)))) {
      expect(name).toMatch(/^\w+$/)
      expect(scenario.executor).toBe('ramping-arrival-rate')
      expect(scenario.maxVUs).toBeGreaterThan(scenario.preAllocatedVUs)
      const targets = [scenario.startRate, ...scenario.stages.map(({ target }) => target)]
      expect(targets.every((target) => Number.isInteger(target) && target >= 0)).toBe(true)
    }
  }
})

test('a spike multiplies the rate by eight within seconds, and then returns to normal', () => {
  const { shop } = scenariosOf(settingsOf('spike', '--rate', '2', '--duration', '100s'))
  expect(shop?.stages).toEqual([
    { duration: '30s', target: 20 },
    { duration: '5s', target: 160 },
    { duration: '20s', target: 160 },
    { duration: '5s', target: 20 },
    { duration: '40s', target: 20 },
  ])
})

test('a breakpoint search has ten stairs, each with thresholds that abort the run', () => {
  const settings = settingsOf('breakpoint', '--rate', '50', '--duration', '100s')
  const stairs = stairsOf(settings)
  expect(stairs.map(({ rate }) => rate)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
  expect(stairs.map(({ startS }) => startS)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
  const thresholds = thresholdsOf(settings, stairs)
  expect(thresholds['http_req_duration{rate:15}']).toEqual([
    { threshold: 'p(95)<300', abortOnFail: true, delayAbortEval: '25s' },
  ])
  expect(thresholds['http_req_duration{phase:load}']).toBeUndefined()
})

test('thresholds are the objectives, for all requests and each step; --p95-ms replaces the limit', () => {
  const thresholds = thresholdsOf(settingsOf('average'), [])
  for (const tag of ['phase:load', ...steps.map((step) => `step:${step}`)]) {
    expect(thresholds[`http_req_failed{${tag}}`]).toEqual(['rate<0.01'])
    expect(thresholds[`http_req_duration{${tag}}`]).toEqual(['p(95)<300'])
  }
  const withLimit = thresholdsOf(settingsOf('average', '--p95-ms', '50'), [])
  expect(withLimit['http_req_duration{step:pay}']).toEqual(['p(95)<50'])
  expect(withLimit['http_req_failed{step:pay}']).toEqual(['rate<0.01'])
})

test('there are twice as many shoppers as concurrent journeys of signed-in shoppers', () => {
  expect(shopperCount(settingsOf('average', '--rate', '10', '--think', '1'), 0.3)).toBe(54)
  expect(shopperCount(settingsOf('average'), 0)).toBe(0)
  expect(maxJourneys(settingsOf('smoke'))).toBe(20)
})

test('invalid options are errors', () => {
  const { settings, outDir } = readOptions(
    ['soak', '--duration', '2h'],
    {},
    endpoints,
    new Date(2026, 10, 25, 18, 5, 9),
  )
  expect(settings).toMatchObject({ shape: 'soak', run: 'soak-261125-180509', durationS: 7200, rate: undefined })
  expect(outDir).toBe('.cache/loadtest/soak-261125-180509')
  expect(settingsOf('--url', 'http://shop.test/').url).toBe('http://shop.test')
  expect(() => settingsOf('flood')).toThrow('usage: bun run loadtest')
  expect(() => settingsOf('smoke', 'spike')).toThrow('usage: bun run loadtest')
  expect(() => settingsOf('--rate', '0')).toThrow('--rate 0 is not a number above 0')
  expect(() => settingsOf('--duration', 'long')).toThrow('--duration long is not a time such as 90s')
  expect(() => settingsOf('--journey', 'thief')).toThrow('no journey thief; there are mixed, visitor')
})

test('the stock of another shop is unchanged, unless its services are given', () => {
  const stockOf = (args: string[], env = {}) => readOptions(args, env, endpoints).stock
  const otherShop = ['--url', 'https://staging.test']
  const services = { USER_SERVICE_URL: 'http://users.test', PRODUCT_SERVICE_URL: 'http://products.test' }

  expect(stockOf([])).toMatchObject({ products: endpoints.shop['product-service'] })
  expect(stockOf(otherShop)).toBeUndefined()
  expect(stockOf(otherShop, services)).toMatchObject({ users: 'http://users.test', products: 'http://products.test' })
})

import { expect, test } from 'vitest'

import { langs, preferred, texts, translate, translateValue } from './i18n.ts'

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

test('every language has every text, with the same places', () => {
  for (const lang of langs) {
    expect(Object.keys(texts[lang]).sort()).toEqual(Object.keys(texts.en).sort())
    for (const [key, text] of Object.entries(texts[lang])) {
      expect(text.trim(), `${lang} ${key}`).not.toBe('')
      expect(places(text), `${lang} ${key}`).toEqual(places(texts.en[key as keyof typeof texts.en]))
    }
  }
})

test('no text calls a plan optimal', () => {
  for (const lang of langs) {
    expect(Object.values(texts[lang]).join('\n')).not.toMatch(/optim|最优|最佳/i)
  }
})

test('places are filled, and unknown values are shown as they are', () => {
  expect(translate('en', 'edition', { n: 3 })).toBe('Edition 3')
  expect(translate('zh', 'edition', { n: 3 })).toBe('第 3 版')
  expect(translateValue('zh', 'state', 'on_site')).toBe('已到场')
  expect(translateValue('zh', 'state', 'new_state')).toBe('new_state')
})

test('the language chosen before wins, then the browser, then Chinese', () => {
  expect(preferred('en', ['zh-CN'])).toBe('en')
  expect(preferred(null, ['fr', 'en-US', 'zh'])).toBe('en')
  expect(preferred(null, ['zh-TW'])).toBe('zh')
  expect(preferred('xx', ['fr'])).toBe('zh')
})

import { en, type TextKey } from '../locales/en.ts'
import { zh } from '../locales/zh.ts'

export const langs = ['zh', 'en'] as const
export type Lang = (typeof langs)[number]

/** The BCP 47 tag of each language, for the document and for formats. */
export const tags: Record<Lang, string> = { zh: 'zh-CN', en: 'en' }

export const texts: Record<Lang, Record<TextKey, string>> = { zh, en }

/** A text with its {places} filled. */
export function translate(lang: Lang, key: TextKey, values: Record<string, string | number> = {}): string {
  return texts[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The text for a value of a list that the server may extend, else the value itself. */
export function translateValue(lang: Lang, group: string, value: string): string {
  const key = `${group}.${value}`
  return key in texts[lang] ? texts[lang][key as TextKey] : value
}

/** The language to begin with: the one chosen before, else the browser's. */
export function preferred(stored: string | null, browser: readonly string[]): Lang {
  if (stored === 'zh' || stored === 'en') return stored
  const first = browser.find((tag) => /^(zh|en)\b/i.test(tag))
  return first !== undefined && /^en/i.test(first) ? 'en' : 'zh'
}

export type { TextKey }

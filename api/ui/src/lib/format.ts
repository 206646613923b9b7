import type { Lang } from './i18n.ts'

/** Figures and their units stay on one line. */
const nbsp = '\u00a0'

const locale = (lang: Lang) => (lang === 'zh' ? 'zh-CN' : 'en-GB')

export function count(n: number, lang: Lang): string {
  return n.toLocaleString(locale(lang))
}

export function percent(share: number, lang: Lang): string {
  const text = new Intl.NumberFormat(locale(lang), { maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share * 100)
  return `${text}${nbsp}%`
}

/** A length: metres below one kilometre, else kilometres with one decimal. */
export function length(metres: number, lang: Lang): string {
  if (Math.round(metres) < 1000) return `${count(Math.round(metres), lang)}${nbsp}m`
  return `${new Intl.NumberFormat(locale(lang), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(metres / 1000)}${nbsp}km`
}

/** A span of time in its two leading units; never negative. */
export function duration(seconds: number, lang: Lang): string {
  const units = lang === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's']
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s}${nbsp}${units[3]}`
  const minutes = Math.round(s / 60)
  const parts = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  const first = parts.findIndex((n) => n > 0)
  return parts
    .slice(first, first + 2)
    .map((n, i) => (n > 0 || i === 0 ? `${n}${nbsp}${units[first + i]}` : ''))
    .filter(Boolean)
    .join(nbsp)
}

/** Hours and minutes on a clock in the station's zone. */
export function clock(at: string | Date, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(locale(lang), {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone,
  }).format(new Date(at))
}

/** Day and minute in the station's zone. */
export function moment(at: string | Date, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(locale(lang), {
    year: 'numeric', month: lang === 'zh' ? 'numeric' : 'short', day: 'numeric',
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone,
  }).format(new Date(at))
}

/** A calendar day, given as 2022-03-17; as it is when it is no day. */
export function day(text: string, lang: Lang): string {
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (text === '' || Number.isNaN(at.getTime())) return text
  return new Intl.DateTimeFormat(locale(lang), { year: 'numeric', month: lang === 'zh' ? 'numeric' : 'short', day: 'numeric', timeZone: 'UTC' }).format(at)
}

/** A grid's name without its district's, where the district is told beside it; "" when it has none. */
export function nameWithin(name: string, district: string): string {
  return district !== '' && name.startsWith(district) ? name.slice(district.length).trim() || name : name
}

/** The sequence part of a grid's code, for short labels. */
export function shortCode(code: string): string {
  return code.length > 6 ? code.slice(-3) : code
}

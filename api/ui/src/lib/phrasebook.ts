import type { Lang } from './i18n.ts'

/**
 * Sentences that the server writes in English, and how they read in Chinese. A
 * sentence that is not here is shown as it came.
 */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^the street is not connected with the rest of the network for the (\w+)$/, '该道路与$1网络的其余部分不连通'],
  [/^one-way streets lead in or out only, so that the (\w+) cannot come and return$/, '单行道只进不出或只出不进，$1无法往返'],
  [/^the (\w+) may not use this street$/, '$1禁止通行此道路'],
  [/^a barrier on the street stops the (\w+)$/, '路上设有障碍，$1无法通过'],
  [/^the way there and back from the depot is longer than a shift of (.+)$/, '从驻点往返所需时间超过一个班次（$1）'],
  [/^one building holds (\d+) of the grid's (\d+) households, more than the maximum of (\d+)$/, '网格 $2 户中有 $1 户在同一栋楼内，超过上限 $3 户'],
  [/^(\d+) households, and no neighbouring grid in its district$/, '共 $1 户，本警务区内没有相邻网格'],
  [/^(\d+) households, and none of its (\d+) neighbours could take them in within the maximum of (\d+)$/, '共 $1 户，$2 个相邻网格并入后都会超过上限 $3 户'],
  [/^Best of (\d+) search steps; the longest route is at most ([\d.]+) % above what any plan of (\d+) shifts needs \(proved by: (.+)\)\.$/, '经 $1 步搜索所得；最长路线比任何 $3 个班次的方案所需至多长 $2 %（证明方法：$4）。'],
  [/^Proved: no plan of (\d+) shifts has a shorter longest route \((.+)\)\.$/, '已证明：任何 $1 个班次的方案，其最长路线都不会更短（$2）。'],
  [/^No street of the area can be patrolled; the missed streets say why\.$/, '区域内没有可巡逻的道路，原因见未覆盖道路。'],
  [
    /^Homes = footprint × levels × residential share \(([\d.]+); plain buildings ([\d.]+)\) \/ ([\d.]+) m² of floor a household; where no levels are mapped, ([\d.]+) for apartments, ([\d.]+) for houses, ([\d.]+) for plain buildings; compounds drawn as one building ([\d.]+) % built on; residential land with few mapped buildings ([\d.]+) homes a hectare, residential streets without mapped homes ([\d.]+) a hundred metres\.$/,
    '户数 = 占地面积 × 层数 × 住宅比例（$1；未注明用途的建筑 $2）÷ 每户 $3 平方米；未标层数时，公寓按 $4 层、独栋住宅按 $5 层、其他建筑按 $6 层；整体绘成一栋的小区按 $7 % 建筑密度；少有建筑的住宅用地每公顷 $8 户；沿街无住宅标注的居住道路每百米 $9 户。',
  ],
]

const words: Readonly<Record<string, string>> = { foot: '步行', bicycle: '自行车', ebike: '电动车', car: '机动车' }

/** A sentence of the server's in the language of the page. */
export function say(text: string, lang: Lang): string {
  if (lang !== 'zh') return text
  for (const [english, translated] of chinese) {
    const found = english.exec(text)
    if (found) return translated.replace(/\$(\d)/g, (_, i: string) => words[found[Number(i)] ?? ''] ?? found[Number(i)] ?? '')
  }
  return text
}

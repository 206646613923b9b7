/** The kinds of reason for which a street is in no route, as they begin its sentence. */
const kinds = ['unreachable', 'forbidden', 'beyond shift']

/** The kind of a reason; the whole text when it begins with none that is known. */
export function kindOf(reason: string): string {
  return kinds.find((kind) => reason.startsWith(kind)) ?? reason
}

/** The sentence behind the kind. */
export function sentenceOf(reason: string): string {
  const kind = kinds.find((k) => reason.startsWith(k))
  return kind === undefined ? '' : reason.slice(kind.length).replace(/^[\s:：,;]+/, '')
}

/** How current the page is. */
export type LiveState = 'connecting' | 'live' | 'lost'

export interface LiveListener {
  state(s: LiveState): void
  /** The server was heard, with or without news. */
  heard(): void
  changed(kind: string): void
}

/** Silence after which a connection counts as lost, though the browser still trusts it. */
export const silence = 30_000

/**
 * Follows the server's change log from a sequence number on. The browser resumes a
 * broken stream by itself; a silent one is opened anew from the last event seen.
 */
export class Live {
  readonly #listener: LiveListener
  #source: EventSource | undefined
  #sequence: number
  #heard = Date.now()
  readonly #watch: ReturnType<typeof setInterval>

  constructor(sequence: number, listener: LiveListener) {
    this.#sequence = sequence
    this.#listener = listener
    this.#open()
    this.#watch = setInterval(() => this.#check(), 5_000)
  }

  close(): void {
    clearInterval(this.#watch)
    this.#source?.close()
  }

  #open(): void {
    this.#source?.close()
    const source = new EventSource(`/api/v1/events?after=${this.#sequence}`)
    this.#source = source
    const heard = () => {
      this.#heard = Date.now()
      this.#listener.state('live')
      this.#listener.heard()
    }
    source.onopen = heard
    source.onerror = () => this.#listener.state('lost')
    source.addEventListener('heartbeat', (e) => {
      heard()
      const { sequence } = JSON.parse((e as MessageEvent<string>).data) as { sequence: number }
      if (sequence > this.#sequence) this.#listener.changed('unknown')
      this.#sequence = Math.max(this.#sequence, sequence)
    })
    source.addEventListener('reset', (e) => {
      heard()
      this.#sequence = (JSON.parse((e as MessageEvent<string>).data) as { sequence: number }).sequence
      this.#listener.changed('reset')
    })
    for (const kind of kinds) {
      source.addEventListener(kind, (e) => {
        heard()
        this.#sequence = Number((e as MessageEvent<string>).lastEventId)
        this.#listener.changed(kind)
      })
    }
  }

  #check(): void {
    if (Date.now() - this.#heard < silence) return
    this.#listener.state('lost')
    this.#open()
  }
}

const nouns = [
  'station', 'street', 'streets', 'post', 'posts', 'restriction', 'restrictions', 'barrier', 'barriers', 'district',
  'districts', 'community', 'communities', 'compound', 'compounds', 'building', 'buildings', 'person', 'people',
  'incident', 'incidents', 'position', 'positions', 'draft', 'edition', 'plan',
]
const verbs = ['imported', 'saved', 'created', 'added', 'changed', 'retired', 'recorded', 'published']

/**
 * The kinds of change. An EventSource hears only kinds that it is told of; what it
 * misses shows in the next heartbeat's sequence.
 */
export const kinds: readonly string[] = nouns.flatMap((noun) => verbs.map((verb) => `${noun}.${verb}`))

import type { OpenPage } from '../browser/port.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { PageFact } from '../platform/stage.ts'
import type { Eyes } from './eyes.ts'

/** How far back a page is heard once people are looked for, and how much of it. */
const LATELY_MS = 30_000
const MOST_LATELY = 500

/** One page and who hears of it. */
export interface Listening {
  adapter: PlatformAdapter
  page: OpenPage
  botName: string
  eyes: Eyes
  /** The page has loaded a document, the first or another. */
  onReload(): void
}

/**
 * Everything a page says by itself: the client's own traffic, and what the platform's page code pushes, both decoded by
 * the platform's pure functions. Traffic counts from the moment the page opens, because a roster is said once, when the
 * bot comes in; what the page shows of people counts from the first sign of admission.
 */
export async function listenToPage({ adapter, page, botName, eyes, onReload }: Listening, signal: AbortSignal): Promise<void> {
  const decoders = () => new Map((adapter.wires ?? []).map((wire) => [`wire:${wire.match}`, wire.reader?.() ?? wire.decode]))
  let wires = decoders()
  let read = adapter.facts?.({ botName })
  let epoch: number | undefined
  /** What the page shows now, said again at each sign of admission: before it, and after a wrong one, it counts for nothing. */
  const shown = new Map<string, PageFact>()
  /** What it said lately, before that sign: that a voice began is said once, and it may go on for long. */
  let lately: PageFact[] = []
  const see = (fact: PageFact) => {
    for (const seen of read?.(fact) ?? []) eyes.observe(seen)
  }
  eyes.onceAwake(() => {
    if (signal.aborted) return
    read = adapter.facts?.({ botName })
    for (const fact of [...shown.values(), ...lately]) see(fact)
    lately = []
  })
  for await (const fact of page.stage.facts(signal)) {
    if (epoch !== fact.epoch) {
      epoch = fact.epoch
      shown.clear()
      lately = []
      wires = decoders()
      read = adapter.facts?.({ botName })
      eyes.reload()
      onReload()
    }
    const decode = wires.get(fact.name)
    if (decode !== undefined) {
      if (typeof fact.data === 'string') for (const seen of decode(Buffer.from(fact.data, 'base64'), fact.atMs)) eyes.observe(seen)
    } else {
      const state = fact.name.startsWith('state:')
      if (state) shown.set(fact.name, fact)
      if (eyes.awake) see(fact)
      else if (!state) lately = [...lately.filter(({ atMs }) => fact.atMs - atMs <= LATELY_MS), fact].slice(-MOST_LATELY)
    }
  }
}

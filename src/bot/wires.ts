import type { OpenPage } from '../browser/port.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { Eyes } from './eyes.ts'

/**
 * The client's own traffic, decoded by the platform's pure functions. Listened to from the moment the page opens: a roster
 * is said once, when the bot comes in.
 */
export async function listenToWires(adapter: PlatformAdapter, page: OpenPage, eyes: Eyes, signal: AbortSignal): Promise<void> {
  const known = adapter.wires ?? []
  if (known.length === 0) return
  for await (const { name, data, atMs } of page.stage.facts(signal)) {
    if (!name.startsWith('wire:') || typeof data !== 'string') continue
    const bytes = Buffer.from(data, 'base64')
    for (const wire of known) if (name === `wire:${wire.match}`) for (const seen of wire.decode(bytes, atMs)) eyes.observe(seen)
  }
}

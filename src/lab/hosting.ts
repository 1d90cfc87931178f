import type { FromServer, VisitorState } from './protocol.ts'
import type { Room } from './room.ts'
import type { Visitor } from './visitor.ts'

interface Order {
  states: readonly VisitorState[]
  order: FromServer
  /** Somebody of those states it changes nothing for. */
  idle?: (visitor: Visitor) => boolean
}

/** Host actions: to whom they apply, and what the page is told. */
// biome-ignore format: a table
export const ORDERS: Readonly<Record<HostVerb, Order>> = {
  admit:           { states: ['knocking', 'entering'],     order: { type: 'admit' } },
  deny:            { states: ['knocking'],                 order: { type: 'deny' } },
  ignore:          { states: ['knocking'],                 order: { type: 'no_answer' } },
  remove:          { states: ['in_call', 'reconnecting'],  order: { type: 'remove' } },
  'move-to-lobby': { states: ['in_call', 'reconnecting'],  order: { type: 'move_to_lobby' } },
  mute:            { states: ['in_call', 'reconnecting'],  order: { type: 'mute' }, idle: ({ micOn }) => !micOn },
}

export type HostVerb = 'admit' | 'deny' | 'ignore' | 'remove' | 'move-to-lobby' | 'mute'

/** Tells every visitor it applies to; who that was. The same verb as `POST /rooms/:id/<verb>`. */
export function command(room: Room, verb: string, visitor?: string): string[] {
  const row = Object.entries(ORDERS).find(([name]) => name === verb)?.[1]
  if (row === undefined) throw new RangeError(`verb: "${verb}" is no host action; allowed: ${Object.keys(ORDERS).join(', ')}`)
  const { states, order, idle } = row
  // Nobody lets anybody in before the host has come.
  if (verb === 'admit' && !room.hostStarted) return []
  const chosen = [...room.visitors.values()].filter(
    (one) => one.connected && states.includes(one.state) && (visitor === undefined || one.id === visitor) && idle?.(one) !== true,
  )
  for (const one of chosen) one.tell(order)
  return chosen.map(({ id }) => id)
}

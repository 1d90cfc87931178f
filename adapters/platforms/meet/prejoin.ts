import { BotError } from '../../../src/core/errors.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import type { WaitingBudget } from './budget.ts'
import { DOOR_POPUPS, type MeetKey } from './controls.ts'
import type { MeetStage } from './join.ts'
import { Since } from './since.ts'
import { dismissPopups, fail, refusal, TROUBLES } from './trouble.ts'

/** The screen comes long after the document; others wait 30 to 120 s. */
const PREJOIN_MS = 60_000
/** An account that is in the call elsewhere shows this and nothing else; the right button may come a moment later. */
const CONFLICT_MS = 2_000
/** A main button that none of our words fit, with nothing else to press, for this long: its language is not ours. */
const FOREIGN_MS = 3_000
/** A button still grey this long after the name was typed: the page lost the name. */
const UNNAMED_MS = 4_000
const NAME_TRIES = 3

export const DOORS = ['askToJoin', 'joinNow', 'mainDoor'] as const satisfies readonly MeetKey[]
export type Door = (typeof DOORS)[number]
const WATCHED = [...DOORS, 'joinHereToo', 'nameBox', 'gettingReady', 'anything', ...TROUBLES, ...DOOR_POPUPS] as const

interface Guest {
  botName: string
  signal: AbortSignal
  onWarning?: JoinOptions['onWarning']
}

/** Waits for the screen, answers what is in the way, types the name; the door that can be pressed now. */
export async function prejoin(stage: MeetStage, { botName, signal, onWarning }: Guest, budget?: WaitingBudget): Promise<Door> {
  const deadline = stage.clock.now() + PREJOIN_MS
  let typed = 0
  let typedAt = 0
  const conflicting = new Since()
  const foreign = new Since()
  for (;;) {
    const now = stage.clock.now()
    const sight = await stage.look(WATCHED, { signal })
    if (await refusal(stage, sight, 'prejoin', signal)) continue // on its way elsewhere
    if (budget?.spent(now)) throw await budget.timeout(stage, signal) // nobody answered the knocks before this load
    await dismissPopups(stage, sight, signal, DOOR_POPUPS)
    const door = openDoor(sight)
    const greyed = DOORS.some((key) => sight.shows.get(key)?.enabled === false)
    const nameless = typed === 0 || (greyed && typed < NAME_TRIES && now - typedAt >= UNNAMED_MS)
    if (sight.shows.get('nameBox')?.enabled === true && nameless) {
      const shown = await typeName(stage, botName, signal)
      if (typed++ === 0 && shown !== undefined && shown !== '' && shown !== botName)
        onWarning?.('name_changed', `The page makes "${shown}" of the name "${botName}"`, { asked: botName, shown })
      typedAt = stage.clock.now()
      continue
    }
    if (door !== undefined && door !== 'mainDoor') return door

    const conflict = sight.answered && sight.shows.has('joinHereToo') && !greyed
    if ((conflicting.see(now, conflict) ?? 0) >= CONFLICT_MS)
      throw await fail(stage, sight, 'ACCOUNT_CONFLICT', 'This account is in the call already, somewhere else', 'prejoin')

    if ((foreign.see(now, door === 'mainDoor' && !conflict) ?? 0) >= FOREIGN_MS) return 'mainDoor'

    if (now >= deadline) throw await lost(stage, sight)
    await stage.pulse({ atLeastMs: 200, atMostMs: 1_000, signal })
  }
}

/** Types the name, a second time where letters went astray; what the box holds then, where the page tells. */
async function typeName(stage: MeetStage, botName: string, signal: AbortSignal): Promise<string | undefined> {
  let shown: string | undefined
  for (let tries = 0; tries < 2; tries++) {
    await stage.type('nameBox', botName, { signal })
    const held = (await stage.read('nameBox', { signal })).filter(
      ({ visible, enabled, value }) => visible && enabled && value !== undefined,
    )
    if (held.length === 0) return undefined
    if (held.some(({ value }) => value === botName)) return botName
    shown = held[0]?.value
  }
  return shown
}

/** The door that can be pressed. */
export function openDoor({ shows }: Sight<MeetKey>): Door | undefined {
  return DOORS.find((key) => shows.get(key)?.enabled === true)
}

/** No door in time. A page that never came up is the platform's trouble; one that shows other things has changed. */
async function lost(stage: MeetStage, sight: Sight<MeetKey>): Promise<BotError> {
  const stalled = !sight.answered || sight.shows.has('gettingReady') || !sight.shows.has('anything')
  if (stalled) return fail(stage, sight, 'PLATFORM_ERROR', `The client did not come up within ${PREJOIN_MS} ms`, 'prejoin')
  const evidence = await stage.evidence(sight, { picture: true, absent: [...DOORS] })
  return new BotError('PAGE_CHANGED', `No join button within ${PREJOIN_MS} ms`, {
    details: { ...evidence, control: 'askToJoin', tried: DOORS },
  })
}

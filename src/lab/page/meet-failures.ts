import type { Trap } from '../skins/meet/traps.ts'
import type { ScreenName } from './meet-screens.ts'

/** Screens instead of the pre-join screen: on which loads of the room's page (counted from 0) they come. */
// biome-ignore format: a table
export const AT_LOAD: readonly (readonly [Trap, ScreenName, until: number])[] = [
  ['invalid-call-name',        'invalid_name', Number.POSITIVE_INFINITY],
  ['code-expired',             'expired',      Number.POSITIVE_INFINITY],
  ['code-doesnt-work',         'doesnt_work',  Number.POSITIVE_INFINITY],
  ['cant-join-at-load',        'cant_join',    Number.POSITIVE_INFINITY],
  ['problem-connecting',       'connecting',   Number.POSITIVE_INFINITY],
  ['problem-connecting-once',  'connecting',   1],
  ['problem-connecting-twice', 'connecting',   2],
]

/** Screens that answer a knock. */
// biome-ignore format: a table
export const AFTER_KNOCK: readonly (readonly [Trap, ScreenName, until: number])[] = [
  ['device-judged',        'cant_join',      Number.POSITIVE_INFINITY],
  ['cant-join',            'cant_join',      Number.POSITIVE_INFINITY],
  ['cant-join-straight',   'cant_join',      Number.POSITIVE_INFINITY],
  ['cant-join-call',       'cant_join_call', Number.POSITIVE_INFINITY],
  ['problem-joining-once', 'joining',        1],
]

/** Traps of a room's first load that take a call away again: how long after admission. */
// biome-ignore format: a table
export const IN_CALL: readonly (readonly [Trap, afterMs: number, 'problem' | 'reload'])[] = [
  ['problem-in-call-once', 1_000,  'problem'],
  // Late enough that whoever watches has long believed to be in the call.
  ['problem-in-call-late', 12_000, 'problem'],
  ['reload-in-call',       12_000, 'reload'],
]

import type { Evidence, SpeakingSource } from '../core/events.ts'
import type { EndReason, ErrorCode, InterruptionKind } from '../core/outcomes.ts'

/**
 * Who says that somebody is there, best first: the client's live channel, its occasional whole answers (which lag), the
 * people panel, the tiles.
 */
export const ROSTER_SOURCES = ['channel', 'answer', 'list', 'tile'] as const
export type RosterSource = (typeof ROSTER_SOURCES)[number]

/**
 * What a platform saw, stated as facts with their time (`atMs`, page clock = Unix milliseconds). A platform never decides
 * when to leave; it says what it knows, and leaves out what it does not.
 */
export type Observation = { atMs: number } /** `via` is 'channel' where absent. */ & (
  | { type: 'participant'; id: string; present: boolean; name?: string; host?: boolean; self?: boolean; via?: RosterSource }
  /** The whole list as that source has it: whoever is known and not in it has left. `via` is 'channel' where absent. */
  | { type: 'roster'; ids: readonly string[]; via?: RosterSource }
  /** How many others are in the call (without the bot). Absent `others` = not known. Rooms waiting to be admitted don't count. */
  | { type: 'count'; others?: number; from: string }
  /** A contributing source (CSRC) of received audio belongs to this participant. Stable for the stay. */
  | { type: 'source'; csrc: number; participantId: string; via?: RosterSource }
  /** A received track belongs, from now on, to this participant (slots get reassigned). `trackId` is MediaStreamTrack.id. */
  | { type: 'track'; kind: 'audio' | 'video'; trackId: string; participantId?: string; share?: boolean; area?: number }
  /** From `atMs` on (which may lie back) this person is shown as speaking, or no longer. `via` tells two signs of one kind apart. */
  | { type: 'speaking'; participantId: string; on: boolean; source: Exclude<SpeakingSource, 'track'>; via?: string }
  | { type: 'muted'; participantId: string; muted: boolean }
  /** A shared screen, which some platforms list among the people: `shareId` is no person. `via` as above. */
  | { type: 'share'; shareId: string; on: boolean; presenterId?: string; presenterName?: string; via?: RosterSource }
  | { type: 'chat'; id: string; text: string; senderId?: string; senderName?: string; self?: boolean }
  | { type: 'interruption'; kind: InterruptionKind; on: boolean; evidence?: Evidence }
  /** A dialog that was seen, and what was done about it. */
  | { type: 'popup'; control: string; pressed: boolean; evidence?: Evidence }
  /** The page is before the call again, and nobody said why: a reload, a client that started anew. The bot may go in again. */
  | { type: 'outside'; evidence: Evidence }
  /** The call is over for the bot. `reason` only from explicit evidence. */
  | { type: 'end'; reason: EndReason; code?: ErrorCode; evidence: Evidence }
)

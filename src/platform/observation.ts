import type { Evidence, SpeakingSource } from '../core/events.ts'
import type { EndReason, ErrorCode, InterruptionKind } from '../core/outcomes.ts'

/**
 * What a platform saw, stated as facts with their time (`atMs`, page clock = Unix milliseconds). A platform never decides
 * when to leave; it says what it knows, and leaves out what it does not.
 */
export type Observation = { atMs: number } & (
  | { type: 'participant'; id: string; present: boolean; name?: string; host?: boolean; self?: boolean }
  /** The whole list as the platform has it: whoever is known and not in it has left. */
  | { type: 'roster'; ids: readonly string[] }
  /** How many others are in the call (without the bot). Absent `others` = not known. Rooms waiting to be admitted don't count. */
  | { type: 'count'; others?: number; from: string }
  /** A contributing source (CSRC) of received audio belongs to this participant. Stable for the stay. */
  | { type: 'source'; csrc: number; participantId: string }
  /** A received track belongs, from now on, to this participant (slots get reassigned). `trackId` is MediaStreamTrack.id. */
  | { type: 'track'; kind: 'audio' | 'video'; trackId: string; participantId?: string; share?: boolean; area?: number }
  | { type: 'speaking'; participantId: string; on: boolean; source: Exclude<SpeakingSource, 'track'> }
  | { type: 'muted'; participantId: string; muted: boolean }
  | { type: 'share'; shareId: string; on: boolean; presenterId?: string; presenterName?: string }
  | { type: 'chat'; id: string; text: string; senderId?: string; senderName?: string; self?: boolean }
  | { type: 'interruption'; kind: InterruptionKind; on: boolean; evidence?: Evidence }
  /** A dialog that was seen, and what was done about it. */
  | { type: 'popup'; control: string; pressed: boolean; evidence?: Evidence }
  /** The call is over for the bot. `reason` only from explicit evidence. */
  | { type: 'end'; reason: EndReason; code?: ErrorCode; evidence: Evidence }
)

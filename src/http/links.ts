import type { z } from 'zod'
import { BESIDE } from '../artifacts/beside.ts'
import { artifactKey } from '../artifacts/key.ts'
import type { Clock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import type { BotRecord, Screenshot } from '../engine/port.ts'
import type { HttpEngine } from './operation.ts'
import type { Metadata, Screenshots } from './schemas.ts'
import { iso } from './told.ts'
import { recordingPath } from './wire.ts'

/** Who makes the links; an engine that serves no files has no store. */
interface Linking {
  store: HttpEngine['artifacts']
  clock: Clock
}
type Links = Pick<
  z.output<typeof Metadata>,
  'mp4' | 'audio' | 'speaker_diarization_file' | 'speaker_diarization_file_network' | 'meeting_participants_file'
>

/** A caller waits for it. */
const LINK_MS = 30_000

async function linkTo({ store, clock }: Linking, uuid: string, path: string | undefined): Promise<string> {
  if (store === undefined || path === undefined) return ''
  const key = artifactKey(uuid, path)
  return within({ ms: LINK_MS, code: 'STORAGE_FAILED', what: `a link to ${key}`, clock }, () => store.link(key))
}

/** Signed links to a bot's files; empty where there is no such file, or no longer. */
export async function linksOf(bot: BotRecord, linking: Linking): Promise<Links> {
  if (bot.dataDeleted !== null) {
    return { mp4: '', audio: '', speaker_diarization_file: '', speaker_diarization_file_network: '', meeting_participants_file: '' }
  }
  const { uuid, files } = bot
  const [mp4, audio, diarization, participants] = await Promise.all([
    linkTo(linking, uuid, recordingPath(bot)),
    linkTo(linking, uuid, files.audio),
    linkTo(linking, uuid, BESIDE.diarization),
    linkTo(linking, uuid, BESIDE.participants),
  ])
  return {
    mp4,
    audio,
    speaker_diarization_file: diarization,
    speaker_diarization_file_network: '',
    meeting_participants_file: participants,
  }
}

/** Pictures with links; one whose file is gone is left out. */
export async function screenshotLinks(uuid: string, shots: readonly Screenshot[], linking: Linking): Promise<z.output<typeof Screenshots>> {
  const all = await Promise.all(shots.map(async ({ at, path }) => ({ date: iso(at), url: await linkTo(linking, uuid, path) })))
  return all.filter(({ url }) => url !== '')
}

import type { z } from 'zod'
import { BESIDE } from '../artifacts/beside.ts'
import { artifactKey } from '../artifacts/key.ts'
import type { BotRecord, Screenshot } from '../engine/port.ts'
import type { HttpEngine } from './operation.ts'
import type { Metadata, Screenshots } from './schemas.ts'
import { iso, recordingPath } from './wire.ts'

type Store = HttpEngine['artifacts']
type Links = Pick<
  z.output<typeof Metadata>,
  'mp4' | 'audio' | 'speaker_diarization_file' | 'speaker_diarization_file_network' | 'meeting_participants_file'
>

async function linkTo(store: Store, uuid: string, path: string | undefined): Promise<string> {
  return store === undefined || path === undefined ? '' : store.link(artifactKey(uuid, path))
}

/** Signed links to a bot's files; empty where there is no such file, or no longer. */
export async function linksOf(bot: BotRecord, store: Store): Promise<Links> {
  if (bot.dataDeleted !== null) {
    return { mp4: '', audio: '', speaker_diarization_file: '', speaker_diarization_file_network: '', meeting_participants_file: '' }
  }
  const { uuid, files } = bot
  const [mp4, audio, diarization, participants] = await Promise.all([
    linkTo(store, uuid, recordingPath(bot)),
    linkTo(store, uuid, files.audio),
    linkTo(store, uuid, BESIDE.diarization),
    linkTo(store, uuid, BESIDE.participants),
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
export async function screenshotLinks(uuid: string, shots: readonly Screenshot[], store: Store): Promise<z.output<typeof Screenshots>> {
  const all = await Promise.all(shots.map(async ({ at, path }) => ({ date: iso(at), url: await linkTo(store, uuid, path) })))
  return all.filter(({ url }) => url !== '')
}

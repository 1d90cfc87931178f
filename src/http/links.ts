import type { z } from 'zod'
import type { BotRecord, Screenshot } from '../engine/port.ts'
import type { HttpEngine } from './operation.ts'
import type { Metadata, Screenshots } from './schemas.ts'
import { artifactKey, iso, recordingPath } from './wire.ts'

type Store = HttpEngine['artifacts']
type Links = Pick<
  z.output<typeof Metadata>,
  'mp4' | 'audio' | 'speaker_diarization_file' | 'speaker_diarization_file_network' | 'meeting_participants_file'
>

/** Files beside the recording that have no path of their own in the record. */
const BESIDE = {
  speaker_diarization_file: 'diarization.json',
  speaker_diarization_file_network: 'diarization-network.json',
  meeting_participants_file: 'participants.json',
} as const

async function linkTo(store: Store, uuid: string, path: string | undefined): Promise<string> {
  return store === undefined || path === undefined ? '' : store.link(artifactKey(uuid, path))
}

/** Signed links to a bot's files; empty where there is no such file, or no longer. */
export async function linksOf(bot: BotRecord, store: Store): Promise<Links> {
  if (bot.dataDeleted !== null) {
    return { mp4: '', audio: '', speaker_diarization_file: '', speaker_diarization_file_network: '', meeting_participants_file: '' }
  }
  const { uuid, files } = bot
  const [mp4, audio, diarization, network, participants] = await Promise.all([
    linkTo(store, uuid, recordingPath(bot)),
    linkTo(store, uuid, files.audio),
    linkTo(store, uuid, BESIDE.speaker_diarization_file),
    linkTo(store, uuid, BESIDE.speaker_diarization_file_network),
    linkTo(store, uuid, BESIDE.meeting_participants_file),
  ])
  return {
    mp4,
    audio,
    speaker_diarization_file: diarization,
    speaker_diarization_file_network: network,
    meeting_participants_file: participants,
  }
}

/** Pictures with links; one whose file is gone is left out. */
export async function screenshotLinks(uuid: string, shots: readonly Screenshot[], store: Store): Promise<z.output<typeof Screenshots>> {
  const all = await Promise.all(shots.map(async ({ at, path }) => ({ date: iso(at), url: await linkTo(store, uuid, path) })))
  return all.filter(({ url }) => url !== '')
}

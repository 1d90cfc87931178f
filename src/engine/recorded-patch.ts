import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedFiles } from '../media/recorder-port.ts'
import type { BotFiles, BotPatch, BotRecord } from '../store/port.ts'

/** What a record takes from what was recorded in a folder. */
export function recordedPatch(dir: string, files: RecordedFiles | undefined): BotPatch {
  const events = join(dir, 'events.jsonl')
  const kept: BotFiles = {
    ...(files?.mp4 === undefined ? {} : { mp4: files.mp4 }),
    ...(files?.audio === undefined ? {} : { audio: files.audio }),
    ...(files?.pcm === undefined ? {} : { pcm: files.pcm }),
    ...(existsSync(events) ? { events } : {}),
  }
  if (files === undefined || files.durationMs === 0) return { files: kept, recordingStartedAt: null, durationMs: null }
  return { files: kept, recordingStartedAt: files.startedAt, durationMs: files.durationMs }
}

/** Whether its sound is on disk and its film is still in parts: a full disk, or an encoder that failed at the end. */
export function isUnfinished({ files }: Pick<BotRecord, 'files'>): boolean {
  return files.pcm !== undefined && files.mp4 === undefined
}

import { z } from 'zod'
import { linksOf, screenshotLinks } from './links.ts'
import { type Call, operation } from './operation.ts'
import { Problem } from './problems.ts'
import { extraFilter, extraSort, flag, text, time, whole } from './query.ts'
import { botRequest, JoinBody, outsideStrictRange, RetranscribeBody } from './requests.ts'
import { BotDetails, BotList, DeleteStatus, Metadata, Screenshots } from './schemas.ts'
import { iso } from './told.ts'
import { botWithParams, detailsWire, durationS, entryWire } from './wire.ts'

const noBot = (uuid: string) => new Problem('BotNotFound', `no bot ${uuid}`)

/** The uuid of the path, in the case we give it out. */
const uuidOf = ({ path }: Call) => path['uuid'] ?? ''

const join = operation({
  method: 'POST',
  path: '/bots',
  id: 'join',
  summary: 'Send a bot into a meeting',
  body: JoinBody,
  answer: z.object({ bot_id: z.uuid() }),
  problems: ['InvalidMeetingUrl', 'InsufficientTokens', 'BotAlreadyExists'],
  async run({ parts, accountId, body }) {
    const outside = parts.strictTimeouts ? outsideStrictRange(body) : undefined
    if (outside !== undefined) {
      throw new Problem('ValidationError', `${outside.field}: expected ${outside.allowed} seconds`, { details: outside })
    }
    if (!(await parts.quota(accountId))) throw new Problem('InsufficientTokens', 'this account may not send another bot now')
    const { uuid } = await parts.engine.create(accountId, botRequest(body))
    return { bot_id: uuid }
  },
})

const getBot = operation({
  method: 'GET',
  path: '/bots/{uuid}',
  id: 'get_bot',
  summary: 'A bot, what was asked of it and its latest status',
  answer: BotDetails,
  problems: ['BotNotFound'],
  async run(call) {
    const view = await call.parts.engine.get(call.accountId, uuidOf(call))
    if (view === undefined) throw noBot(uuidOf(call))
    return detailsWire(view)
  },
})

const leave = operation({
  method: 'DELETE',
  path: '/bots/{uuid}',
  id: 'leave',
  summary: 'Leave the meeting, or cancel a bot that has not joined; repeating it changes nothing',
  answer: z.object({ ok: z.boolean() }),
  problems: ['BotNotFound'],
  async run(call) {
    const bot = await call.parts.engine.leave(call.accountId, uuidOf(call))
    if (bot === undefined) throw noBot(uuidOf(call))
    return { ok: true }
  },
})

const getMeetingData = operation({
  method: 'GET',
  path: '/bots/meeting_data',
  id: 'get_meeting_data',
  summary: 'Links to the recording and what is known about it; works while the bot is live',
  query: z.object({ bot_id: z.guid(), include_transcripts: flag(true) }),
  answer: Metadata,
  problems: ['BotNotFound'],
  async run({ parts, accountId, query }) {
    const uuid = query.bot_id.toLowerCase()
    const view = await parts.engine.get(accountId, uuid)
    if (view === undefined) throw noBot(uuid)
    const { bot } = view
    return {
      ...(await linksOf(bot, { store: parts.engine.artifacts, clock: parts.clock })),
      duration: durationS(bot),
      bot_data: { bot: botWithParams(bot), event_uuid: bot.eventUuid, transcripts: [] },
    }
  },
})

const listBots = operation({
  method: 'GET',
  path: '/bots/bots_with_metadata',
  id: 'bots_with_metadata',
  summary: 'Bots of this key, newest first',
  query: z.object({
    limit: whole({ min: 1, max: 50, fallback: 10 }),
    cursor: text(),
    bot_name: text(),
    meeting_url: text(),
    speaker_name: text(),
    created_after: time(),
    created_before: time(),
    ended_after: time(),
    filter_by_extra: extraFilter(),
    sort_by_extra: extraSort(),
  }),
  answer: BotList,
  async run({ parts, accountId, query }) {
    const wanted = {
      cursor: query.cursor,
      botName: query.bot_name,
      meetingUrl: query.meeting_url,
      speakerName: query.speaker_name,
      createdAfter: query.created_after,
      createdBefore: query.created_before,
      endedAfter: query.ended_after,
      extra: query.filter_by_extra,
      sortByExtra: query.sort_by_extra,
    }
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as {
      [K in keyof typeof wanted]?: NonNullable<(typeof wanted)[K]>
    }
    const page = await parts.engine.list({ accountId, limit: query.limit, ...given })
    const bots = page.bots.map(entryWire)
    return { bots, recent_bots: bots, next_cursor: page.nextCursor, last_updated: iso(parts.clock.now()) }
  },
})

const deleteData = operation({
  method: 'POST',
  path: '/bots/{uuid}/delete_data',
  id: 'delete_data',
  summary: 'Remove recording, transcripts and logs; 5 calls a minute',
  answer: z.object({ ok: z.boolean(), status: DeleteStatus }),
  problems: ['BotNotFound', 'Conflict', 'TooManyRequests'],
  async run(call) {
    const waitMs = call.parts.deletions.take(call.accountId)
    if (waitMs > 0) {
      throw new Problem('TooManyRequests', 'delete_data: 5 calls a minute', {
        headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
      })
    }
    const status = await call.parts.engine.deleteData(call.accountId, uuidOf(call))
    if (status === undefined) throw noBot(uuidOf(call))
    if (status === 'busy') throw new Problem('Conflict', 'the files of this bot are still being written; leave first, then delete')
    return { ok: status !== 'partiallyDeleted', status }
  },
})

const getScreenshots = operation({
  method: 'GET',
  path: '/bots/{uuid}/screenshots',
  id: 'get_screenshots',
  summary: 'Pictures of the moments that changed the status',
  answer: Screenshots,
  problems: ['BotNotFound'],
  async run(call) {
    const shots = await call.parts.engine.screenshots(call.accountId, uuidOf(call))
    if (shots === undefined) throw noBot(uuidOf(call))
    const { engine, clock } = call.parts
    return screenshotLinks(uuidOf(call), shots, { store: engine.artifacts, clock })
  },
})

const retranscribe = operation({
  method: 'POST',
  path: '/bots/retranscribe',
  id: 'retranscribe_bot',
  summary: 'Transcribe the recording again; transcription_complete is sent when it is done',
  body: RetranscribeBody,
  answer: z.object({}),
  status: 202,
  problems: ['Forbidden', 'BotNotFound', 'Conflict'],
  async run({ parts, accountId, body }) {
    const uuid = body.bot_uuid.toLowerCase()
    const became = await parts.engine.retranscribe(accountId, uuid, { speechToText: body.speech_to_text, webhookUrl: body.webhook_url })
    if (became === undefined) throw noBot(uuid)
    if (became === 'no_audio') throw new Problem('Conflict', 'no audio of this bot is left')
    if (became === 'unavailable') throw new Problem('Forbidden', 'this service has no transcriber')
    return {}
  },
})

/** Everything about bots. Fixed paths come first: `{uuid}` would take them. */
export const BOT_OPERATIONS = [join, getMeetingData, listBots, retranscribe, getBot, leave, deleteData, getScreenshots] as const

import { expect, it } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { MeetingBot } from '../../../src/meeting-bot.ts'
import { createUrlGuard } from '../../../src/net/url-guard.ts'

const config = { meetingUrl: 'https://meet.google.com/abc-defg-hij', botName: 'Notes', streaming: { output: 'ws://127.0.0.1:9/' } }

it('a bot of a service refuses a private stream when it is made', () => {
  let thrown: unknown
  try {
    new MeetingBot(config, { outgoing: createUrlGuard() })
  } catch (error) {
    thrown = error
  }
  expect(isBotError(thrown, 'CONFIG_INVALID') && thrown.details).toMatchObject({ field: 'streaming.output', value: 'ws://127.0.0.1:9/' })
})

it("a bot in the caller's own process may stream to its own machine", () => {
  expect(() => new MeetingBot(config)).not.toThrow()
})

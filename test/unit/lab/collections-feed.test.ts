import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Device } from '../../../src/lab/collections.ts'
import { CollectionsFeed } from '../../../src/lab/collections-feed.ts'

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id: `spaces/abc/devices/${id}`,
  name: id,
  host: false,
  status: 'in',
  self: false,
  csrc: 7,
  muted: false,
  camera: true,
  ...more,
})
const LINE = { id: 'spaces/abc/messages/1', deviceId: 'spaces/abc/devices/Ada', sentAt: 1, text: 'hello' }
const [ADA, BO] = [device('Ada'), device('Bo')]

/** Who is told of as a user (who has a picture there), whose streams are, and whether somebody wrote. */
function told(message: Buffer | undefined) {
  if (message === undefined) return undefined
  const text = gunzipSync(message).toString('latin1')
  const every = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))]
  return { users: every(/a\/(Ada|Bo)/g), streams: every(/2.spaces\/abc\/devices\/(Ada|Bo)/gs), chat: text.includes('hello') }
}
const feedOf = (changesOnly: boolean) => new CollectionsFeed({ wire: { streamIdText: false, packing: 'gzip' }, changesOnly })

describe('the collections channel that tells changes', () => {
  it('begins with everybody, then tells only who or what has changed', () => {
    const feed = feedOf(true)
    expect(told(feed.message([ADA, BO], [], 1))).toEqual({ users: ['Ada', 'Bo'], streams: ['Ada', 'Bo'], chat: false })
    expect(feed.message([ADA, BO], [], 1)).toBeUndefined()
    const muted = { ...BO, muted: true }
    expect(told(feed.message([ADA, muted], [], 1))).toEqual({ users: [], streams: ['Bo'], chat: false })
    expect(told(feed.message([{ ...ADA, name: 'Ada', host: true }, muted], [], 1))).toEqual({ users: ['Ada'], streams: [], chat: false })
    expect(told(feed.message([{ ...ADA, host: true, status: 'out' }, muted], [], 1))).toEqual({ users: ['Ada'], streams: [], chat: false })
  })

  it('tells a chat message without the roster', () => {
    const feed = feedOf(true)
    feed.message([ADA], [], 1)
    expect(told(feed.message([ADA], [LINE], 1))).toEqual({ users: [], streams: [], chat: true })
  })

  it('begins again on another connection', () => {
    const feed = feedOf(true)
    feed.message([ADA], [], 1)
    expect(told(feed.message([ADA], [], 2))).toMatchObject({ users: ['Ada'], streams: ['Ada'] })
  })
})

it('otherwise holds everybody in every message', () => {
  const feed = feedOf(false)
  feed.message([ADA, BO], [], 1)
  expect(told(feed.message([ADA, BO], [LINE], 1))).toEqual({ users: ['Ada', 'Bo'], streams: ['Ada', 'Bo'], chat: true })
})

import { expect, it } from 'vitest'
import { ViewDirector } from '../../../src/bot/attribution/view-director.ts'

function director(shares: Record<string, { presenterId?: string }> = {}) {
  const view = new ViewDirector({ nameOf: (id) => ({ a: 'Ada', b: 'Jack' })[id], shareOf: (id) => shares[id] })
  const video = (track: number, participantId: string, area: number, share = false) => {
    view.track({ epoch: 1, track, kind: 'video', id: `t${track}`, streams: [], live: true })
    view.observe({ type: 'track', kind: 'video', trackId: `t${track}`, participantId, area, share, atMs: 0 })
  }
  return { view, video }
}
const tile = (track: number, name: string) => ({ layout: 'speaker', tiles: [{ track, name }] })

it('before anyone speaks the largest picture is shown', () => {
  const { view, video } = director()
  video(1, 'a', 100)
  video(2, 'b', 900)
  expect(view.next([], 0)).toEqual(tile(2, 'Jack'))
  expect(view.next([], 10)).toBeUndefined()
})

it('follows the speaker, keeps a picture at least 1.5 s, and stays with who spoke last', () => {
  const { view, video } = director()
  video(1, 'a', 900)
  video(2, 'b', 100)
  expect(view.next(['a'], 0)).toEqual(tile(1, 'Ada'))
  expect(view.next(['b'], 1_400)).toBeUndefined()
  expect(view.next(['b'], 1_500)).toEqual(tile(2, 'Jack'))
  expect(view.next([], 60_000)).toBeUndefined()
})

it('a shared screen goes before whoever speaks, and back when it ends', () => {
  const { view, video } = director()
  video(1, 'a', 900)
  video(2, 'b', 100)
  view.next(['a'], 0)
  video(3, 'b', 900, true)
  expect(view.next(['a'], 2_000)).toEqual(tile(3, 'Jack'))
  view.track({ epoch: 1, track: 3, kind: 'video', id: 't3', streams: [], live: false })
  expect(view.next(['a'], 2_010)).toEqual(tile(1, 'Ada'))
})

it('a speaker without a camera is a card with the name', () => {
  const { view, video } = director()
  video(1, 'a', 900)
  expect(view.next(['b'], 0)).toEqual({ layout: 'speaker', tiles: [{ name: 'Jack' }] })
})

it('a picture stays whose it is when the connection it came by before is closed', () => {
  const { view, video } = director()
  video(1, 'a', 900)
  const said = (track: number, live: boolean) => view.track({ epoch: 1, track, kind: 'video', id: 't1', streams: [], live })
  said(7, true)
  said(1, false)
  expect(view.next([], 0)).toEqual(tile(7, 'Ada'))
  said(7, false)
  expect(view.next([], 2_000)).toEqual({ layout: 'speaker', tiles: [{}] })
})

import { expect, it, vi } from 'vitest'
import { MediaStreamTrack, PictureLossIndication, RTCPeerConnection, RtcpPayloadSpecificFeedback } from 'werift'
import { Forwarder } from '../../../src/lab/forwarder.ts'
import { lostPictures } from '../../../src/lab/lost-pictures.ts'
import { Shaper } from '../../../src/lab/shaper.ts'

const SILENT = { audio: () => {}, video: () => {}, channel: () => {} }

/** A forwarder with one video line, and the other side, which sends a camera picture of its own. */
async function connected(pli: (line: number) => void) {
  const shaper = new Shaper({ random: () => 1, now: () => 0, after: () => {} })
  const trackId = (kind: string, place: number) => `${kind}-${place}`
  const forwarder = new Forwarder({ shaper, audioLines: 1, trackId, uplink: { ...SILENT, pli } })
  forwarder.grow(1)
  const page = new RTCPeerConnection({ iceServers: [], iceUseIpv6: false, iceAdditionalHostAddresses: ['127.0.0.1'] })
  await page.setRemoteDescription({ type: 'offer', sdp: await forwarder.offer() })
  // As on the forwarder's side: nothing here may go out.
  for (const { connection } of page.iceTransports) Object.assign(connection, { stunServer: undefined })
  const camera = page.getTransceivers().find(({ kind }) => kind === 'video')
  camera?.setDirection('sendonly')
  await camera?.sender.replaceTrack(new MediaStreamTrack({ kind: 'video' }))
  await page.setLocalDescription(await page.createAnswer())
  await forwarder.answer(page.localDescription?.sdp ?? '')
  await forwarder.connected
  return { forwarder, page, camera }
}

it('hears of a lost picture from a page that sends its own camera', async () => {
  const lost = vi.fn()
  const { forwarder, page, camera } = await connected(lost)
  const feedback = new PictureLossIndication({ senderSsrc: camera?.sender.ssrc ?? 0, mediaSsrc: forwarder.line(0)?.ssrc ?? 0 })
  await vi.waitFor(async () => {
    await page.dtlsTransports[0]?.sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })])
    expect(lost).toHaveBeenCalledWith(0)
  })
  await Promise.all([forwarder.close(), page.close()])
})

it.each([
  ['a PLI', [0, 0, 0, 1, 0, 0, 0, 7], 1, [7]],
  ['a FIR of two', [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0, 0], 4, [7, 9]],
  ['an estimate of the bandwidth', [...[0, 0, 0, 1, 0, 0, 0, 0], ...Buffer.from('REMB'), 1, 0, 16, 0, 0, 0, 0, 7], 15, []],
])('reads what was lost from %s', (_, bytes, count, ssrcs) => {
  const header = { count } as Parameters<typeof RtcpPayloadSpecificFeedback.deSerialize>[1]
  expect(lostPictures(RtcpPayloadSpecificFeedback.deSerialize(Buffer.from(bytes), header))).toEqual(ssrcs)
})

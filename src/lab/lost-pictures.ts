import { PictureLossIndication, type RtcpPacket, RtcpPayloadSpecificFeedback } from 'werift'

/**
 * The sources whose picture the other side says it lost, by PLI or FIR. Asked of the transport itself: werift hands the feedback of
 * somebody who sends video as well to what receives that video, where nobody looks.
 */
export function lostPictures(packet: RtcpPacket): number[] {
  if (!(packet instanceof RtcpPayloadSpecificFeedback)) return []
  const { feedback } = packet
  if (feedback instanceof PictureLossIndication) return [feedback.mediaSsrc]
  return 'fir' in feedback ? feedback.fir.map(({ ssrc }) => ssrc) : []
}

import type { CDPSession } from 'playwright-core'

/** Larger answers than this hold no roster. */
const MOST_ANSWER = 4 * 1024 * 1024
/** What the browser keeps of answers until they are asked for. */
const KEPT = { maxTotalBufferSize: 2 * MOST_ANSWER, maxResourceBufferSize: MOST_ANSWER }

/**
 * Answers to the site's own client whose URL holds a wanted word, as base64. Listened to, never intercepted. By events of
 * the protocol and not of playwright's page: those would keep 10 to 20 kB of every request for as long as the page lives.
 */
export async function hearAnswers(
  session: CDPSession,
  wanted: readonly string[],
  tell: (word: string, body: string) => void,
): Promise<void> {
  if (wanted.length === 0) return
  const coming = new Map<string, string>()
  session.on('Network.responseReceived', ({ requestId, response: { url, status } }) => {
    const word = wanted.find((match) => url.includes(match))
    if (word !== undefined && status >= 200 && status < 300) coming.set(requestId, word)
  })
  session.on('Network.loadingFailed', ({ requestId }) => void coming.delete(requestId))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const word = coming.get(requestId)
    coming.delete(requestId)
    if (word === undefined || encodedDataLength > MOST_ANSWER) return
    session.send('Network.getResponseBody', { requestId }).then(
      ({ body, base64Encoded }) => tell(word, base64Encoded ? body : Buffer.from(body).toString('base64')),
      () => {}, // the page has gone on, and the answer with it
    )
  })
  await session.send('Network.enable', KEPT)
}

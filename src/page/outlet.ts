/** The one way out of the page: a binding that takes a string. First letter: j = JSON fact, f = audio frame, v = video push. */
export type Outlet = (kind: 'j' | 'f' | 'v', body: string) => void

/** Page clock: Unix milliseconds that never run backwards within a page load. */
export const pageNow = (): number => performance.timeOrigin + performance.now()

interface WithBase64 {
  toBase64?: () => string
}

export function toBase64(bytes: Uint8Array): string {
  const native = (bytes as Uint8Array & WithBase64).toBase64
  if (native !== undefined) return native.call(bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

/** Takes the binding off the page's globals: the site's code finds nothing under its name. */
export function openOutlet(binding: string): Outlet {
  const scope = globalThis as unknown as Record<string, ((text: string) => void) | undefined>
  const send = scope[binding]
  delete scope[binding]
  return (kind, body) => send?.(kind + body)
}

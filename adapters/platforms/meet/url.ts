import type { MeetingRef } from '../../../src/platform/adapter.ts'

const CODE = /^\/([a-z]{3}-[a-z]{4}-[a-z]{3})\/?$/
const NICKNAME = /^\/lookup\/([A-Za-z0-9][A-Za-z0-9_-]*)\/?$/

/** `https://meet.google.com/xxx-yyyy-zzz` (also with www. and any query), and nicknames as `/lookup/<name>`. */
export function parse(url: URL): MeetingRef | undefined {
  if (url.protocol !== 'https:' || !/^(www\.)?meet\.google\.com$/.test(url.hostname)) return undefined
  const code = CODE.exec(url.pathname.toLowerCase())?.[1]
  const nickname = code === undefined ? NICKNAME.exec(url.pathname)?.[1] : undefined
  const id = code ?? (nickname === undefined ? undefined : `lookup/${nickname.toLowerCase()}`)
  if (id === undefined) return undefined
  return { platform: 'meet', id, joinUrl: `https://meet.google.com/${code ?? `lookup/${nickname}`}${url.search}` }
}

/** The same with the page's language asked for; a language the caller wrote into the URL stays. */
export function withLanguage(joinUrl: string, locale: string): string {
  const url = new URL(joinUrl)
  if (!url.searchParams.has('hl')) url.searchParams.set('hl', locale)
  return url.href
}

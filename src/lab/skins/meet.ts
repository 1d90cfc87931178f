import { randomBytes } from 'node:crypto'
import { script } from '../../generated/lab-meet.ts'
import type { PageConfig } from '../protocol.ts'
import type { Trap } from './meet/traps.ts'
import { localeOf } from './meet/words.ts'

export { MEET_CATALOGUE } from './meet/catalogue.ts'

export const MEET_HOSTS = ['meet.google.com', 'accounts.google.com', 'workspace.google.com'] as const

export interface SkinAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const LAB_NOTE = '<meta name="remora-lab" content="a look-alike for tests, not the real site">'
const MARKETING = 'https://workspace.google.com/products/meet/'
const SIGN_IN = 'https://accounts.google.com/v3/signin/'

/** Traps that send a visitor away before the meeting's page is served. */
// biome-ignore format: a table
const REDIRECTS: readonly (readonly [Trap, string])[] = [
  ['sign-in',           `${SIGN_IN}identifier`],
  ['sign-in-choose',    `${SIGN_IN}accountchooser`],
  ['sign-in-changed',   `${SIGN_IN}rejected`],
  ['workspace-at-load', MARKETING],
]

/** The look-alike's document: an empty shell with a hard policy; everything is rendered late by its script. */
export function meetPage(asked: PageConfig): SkinAnswer {
  const redirect = REDIRECTS.find(([trap]) => asked.traps.includes(trap))
  if (redirect !== undefined) return { status: 302, headers: { location: redirect[1] }, body: '' }
  // Whatever `hl` asks for, only the name of a language the lab speaks is written into the page.
  const config: PageConfig = { ...asked, locale: localeOf(asked.locale) }
  const nonce = randomBytes(12).toString('base64')
  const policy = [
    `script-src 'nonce-${nonce}'`,
    "object-src 'none'",
    "base-uri 'self'",
    "connect-src 'self' wss:",
    "worker-src 'none'",
    "frame-src 'self'",
  ].join('; ')
  const style = `body{margin:0;background:#202124;color:#e8eaed;font:16px sans-serif}
button,[role=button]{background:#3c4043;color:#e8eaed;border:0;border-radius:18px;padding:8px 16px;margin:4px;display:inline-block;cursor:pointer}
button:disabled{opacity:.4}input,textarea{padding:8px;font:inherit}`
  const body = `<!doctype html><html lang="${config.locale}"><head><meta charset="utf-8"><title>Meet</title>${LAB_NOTE}<style nonce="${nonce}">${style}</style></head>
<body><div id="root"></div><script type="application/json" id="config">${JSON.stringify(config).replaceAll('<', '\\u003c')}</script><script nonce="${nonce}">${script.replaceAll('</script', '<\\/script')}</script></body></html>`
  return { status: 200, headers: { ...HTML, 'content-security-policy': policy }, body }
}

/** What the sign-in host says, by the page it is asked for. */
// biome-ignore format: a table
const SIGN_IN_SAYS: Record<string, string> = {
  identifier:     '<h1>Sign in</h1><p>with your Google Account</p><p>to continue to Google Meet</p>',
  accountchooser: '<h1>Choose an account</h1><p>to continue to Google Meet</p>',
  rejected:       '<h1>Sign in</h1><p>Your sign-in credentials might have changed</p>',
}

/** The foreign hosts a visitor can be sent to. */
export function foreignPage(host: string, path: string): SkinAnswer {
  const says = SIGN_IN_SAYS[path.split('/').at(-1) ?? ''] ?? SIGN_IN_SAYS['identifier']
  const [title, main] =
    host === 'accounts.google.com'
      ? ['Sign in', `<main>${says}<label>Email or phone <input type="email" autocomplete="username"></label></main>`]
      : ['Workspace', '<main><h1>Video meetings for business</h1><a href="https://workspace.google.com/pricing">Start a trial</a></main>']
  return {
    status: 200,
    headers: HTML,
    body: `<!doctype html><html lang="en"><head><title>${title}</title>${LAB_NOTE}</head><body>${main}</body></html>`,
  }
}

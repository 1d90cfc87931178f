import { randomBytes } from 'node:crypto'
import { script } from '../../generated/lab-meet.ts'
import type { PageConfig } from '../protocol.ts'

export const MEET_HOSTS = ['meet.google.com', 'accounts.google.com', 'workspace.google.com'] as const

/** What `GET /catalogue` says of this platform; `sourced: false` = the fact sheet is silent and the lab invents. */
export const MEET_CATALOGUE = {
  skins: [
    { name: 'host-managed', line: 'Lobby that shows the whole call interface; its text comes 3.2 to 6.4 s late', sourced: true },
    { name: 'simple', line: 'Plain knock screen with the text at once', sourced: true },
  ],
  traps: [
    { name: 'late-lobby-6s', line: 'Host-managed lobby whose text comes after 6 s', sourced: true },
    { name: 'stale-lobby-text', line: 'Lobby text stays 1.5 s after admission', sourced: true },
    { name: 'device-toast', line: 'Persistent "Microphone not found" dialog over the join button, ignoring Escape', sourced: true },
    { name: 'not-found', line: 'The 404 screen with startup code 217', sourced: true },
    { name: 'sign-in', line: 'Redirect to the sign-in host', sourced: true },
    { name: 'cant-join', line: '"You can’t join this video call" after the knock', sourced: true },
    { name: 'recording-consent', line: 'Recording consent dialog after admission', sourced: true },
  ],
  popups: [{ kind: 'recording-consent', line: 'Recording consent dialog', sourced: true }],
  locales: ['en'],
}

export interface SkinAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The look-alike's document: an empty shell with a hard policy; everything is rendered late by its script. */
export function meetPage(config: PageConfig): SkinAnswer {
  if (config.traps.includes('sign-in')) {
    return { status: 302, headers: { location: 'https://accounts.google.com/v3/signin/identifier' }, body: '' }
  }
  const nonce = randomBytes(12).toString('base64')
  const policy = [
    `script-src 'nonce-${nonce}'`,
    "object-src 'none'",
    "base-uri 'self'",
    "connect-src 'self' wss:",
    "worker-src 'none'",
    "frame-src 'self'",
  ].join('; ')
  const body = `<!doctype html><html lang="${config.locale}"><head><meta charset="utf-8"><title>Meet</title><meta name="remora-lab" content="a look-alike for tests, not the real site">
<style nonce="${nonce}">body{margin:0;background:#202124;color:#e8eaed;font:16px sans-serif}button,[role=button]{background:#3c4043;color:#e8eaed;border:0;border-radius:18px;padding:8px 16px;margin:4px;display:inline-block;cursor:pointer}
main{padding:24px}.tiles{display:flex;flex-wrap:wrap;gap:8px}.tile{position:relative;width:400px;height:225px;background:#3c4043}.tile video{width:100%;height:100%}.dialog{position:fixed;inset:auto auto 40px 40px;background:#fff;color:#202124;padding:16px}</style></head>
<body><div id="root"></div><script type="application/json" id="config">${JSON.stringify(config).replaceAll('<', '\\u003c')}</script><script nonce="${nonce}">${script.replaceAll('</script', '<\\/script')}</script></body></html>`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }, body }
}

/** The foreign hosts a visitor can be sent to. */
export function foreignPage(host: string): SkinAnswer {
  const body =
    host === 'accounts.google.com'
      ? '<!doctype html><title>Sign in</title><h1>Sign in</h1><p>to continue to Google Meet</p>'
      : '<!doctype html><title>Workspace</title><h1>Video meetings for business</h1>'
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

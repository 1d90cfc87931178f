import { servicePage } from '../generated/service-page.ts'
import type { Face } from './faces.ts'

/** Nothing but our own script, which asks only where it came from; pictures and recordings may be kept elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src http: https: data:',
  'media-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Where the page's script is, seen from the page: a proxy may have taken the front of the path away, never its end. */
function scriptFrom(pathname: string): string {
  return pathname.endsWith('/') ? './page.js' : `./${pathname.split('/').at(-1) ?? ''}/page.js`
}

const html = (pathname: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Remora</title>
<link rel="icon" href="data:,">
<script src="${escaped(scriptFrom(pathname))}" defer></script>
</head>
<body><noscript>This page needs its script.</noscript></body>
</html>
`

/** The small page that shows bots live, and its script. */
export function pageFaces(): readonly Face[] {
  return [
    {
      method: 'GET',
      path: '',
      open: true,
      show: async ({ pathname }) =>
        new Response(html(pathname), { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY } }),
    },
    {
      method: 'GET',
      path: '/page.js',
      open: true,
      show: async () => new Response(servicePage, { headers: { 'content-type': 'text/javascript; charset=utf-8' } }),
    },
  ]
}

import type { HttpEngine, Method } from './operation.ts'
import { pageFaces } from './page.ts'

/** A row that answers with something other than the contract's JSON. */
export interface Face {
  method: Method
  path: string
  /** Needs no key. */
  open: boolean
  /** `pathname` is the path as it was asked for, with the mount. */
  show(asked: { pathname: string }): Promise<Response>
}

export interface FacesOptions {
  engine: HttpEngine
  page: boolean
  metrics: { open: boolean; read: () => Promise<Response> } | undefined
  openApi: unknown
}

/** What the service says about itself. */
export function faces({ engine, page, metrics, openApi }: FacesOptions): readonly Face[] {
  const document = JSON.stringify(openApi)
  return [
    {
      method: 'GET',
      path: '/health',
      open: true,
      async show() {
        const ok = await engine.counts().then(
          () => true,
          () => false, // the answer itself says that the store does not answer
        )
        return Response.json({ ok }, { status: ok ? 200 : 503 })
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      open: true,
      show: async () => new Response(document, { headers: { 'content-type': 'application/json' } }),
    },
    ...(metrics === undefined ? [] : [{ method: 'GET' as const, path: '/metrics', open: metrics.open, show: metrics.read }]),
    ...(page ? pageFaces() : []),
  ]
}

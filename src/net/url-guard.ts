import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { lookup as resolveSystem } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { BotError } from '../core/errors.ts'
import { isAddress, isPublicAddress } from './public-address.ts'

/** The protocols a kind of outgoing URL may have. */
const PROTOCOLS = { http: ['http:', 'https:'], ws: ['ws:', 'wss:'] } as const
export type UrlKind = keyof typeof PROTOCOLS

/** Decides where this process may connect to. */
export interface OutgoingGuard {
  /** Throws `CONFIG_INVALID` (field, value, allowed) if this URL may not be used, as far as its text tells. */
  check(url: string, field: string, kind: UrlKind): void
  /** Throws if this host of a connection is an address that may not be used. Names pass: `lookup` checks them. */
  checkHost(host: string): void
  /** Resolves a name for a socket. What it answers was checked and is what gets connected: there is no second resolution. */
  readonly lookup: LookupFunction
}

export interface UrlGuardOptions {
  /** Lets private addresses pass. Default false. */
  allowPrivateUrls?: boolean
  /** All addresses of a name; the system's resolver by default. */
  resolve?: (name: string) => Promise<readonly LookupAddress[]>
}

/** For a bot in the caller's own process: its URLs are the caller's own, so everything is allowed. */
export const ANY_URL: OutgoingGuard = { check() {}, checkHost() {}, lookup: systemLookup }

/**
 * The guard for URLs of people who are not the operator: http(s) and ws(s) only, no credentials, public addresses only,
 * whatever the spelling. A name is refused if any of its addresses is private.
 */
export function createUrlGuard({ allowPrivateUrls = false, resolve = resolveAll }: UrlGuardOptions = {}): OutgoingGuard {
  const checkHost = (host: string) => {
    if (!allowPrivateUrls && isAddress(host) && !isPublicAddress(host)) throw refusedAddress(host)
  }
  const resolved = async (name: string) => {
    const addresses = await resolve(name)
    const bad = allowPrivateUrls ? undefined : addresses.find(({ address }) => !isPublicAddress(address))
    if (bad !== undefined) throw refusedAddress(name)
    return addresses
  }
  const lookup: LookupFunction = (name, { all, family }, callback) => {
    resolved(name)
      .then((addresses) => ofFamily(name, addresses, family))
      .then(
        ([first, ...rest]) => (all === true ? callback(null, [first, ...rest]) : callback(null, first.address, first.family)),
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      )
  }
  return {
    checkHost,
    lookup,
    check(text, field, kind) {
      const protocols: readonly string[] = PROTOCOLS[kind]
      const url = URL.canParse(text) ? new URL(text) : undefined
      if (url === undefined || !protocols.includes(url.protocol)) {
        throw refused(field, text, protocols.map((protocol) => `${protocol}//`).join(' or ') + ' URL')
      }
      if (url.username !== '' || url.password !== '') throw refused(field, '(hidden)', 'a URL without user name and password')
      const isLocal = /(^|\.)localhost\.?$/.test(url.hostname)
      if (allowPrivateUrls || (!isLocal && (!isAddress(url.hostname) || isPublicAddress(url.hostname)))) return
      throw refused(field, text, 'a URL with a public address')
    },
  }
}

async function resolveAll(name: string): Promise<readonly LookupAddress[]> {
  return resolveSystem(name, { all: true })
}

type Some<T> = readonly [T, ...T[]]

function ofFamily(name: string, addresses: readonly LookupAddress[], family: number | string | undefined): Some<LookupAddress> {
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family
  const [first, ...rest] = addresses.filter((address) => !wanted || address.family === wanted)
  if (first === undefined) throw Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' })
  return [first, ...rest]
}

function refused(field: string, value: string, allowed: string): BotError {
  return new BotError('CONFIG_INVALID', `${field}: ${JSON.stringify(value)} is not allowed; allowed: ${allowed}`, {
    details: { field, value, allowed },
  })
}

/** Says the name, not the address it has: what a private network looks like inside is nobody's business. */
function refusedAddress(host: string): BotError {
  return new BotError('CONFIG_INVALID', `${host} leads to an address that is not public`, {
    details: { field: 'url', value: host, allowed: 'public addresses' },
  })
}

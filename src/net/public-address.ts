import ipaddr from 'ipaddr.js'

/** All of today's public IPv6; the rest is reserved, and old forms such as `::127.0.0.1` hide in it (IANA, 2026-11). */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3')
/** Addresses that look public and are a cloud's own: Azure's platform address (169.254.169.254 and its like are link-local). */
const CLOUD: readonly string[] = ['168.63.129.16']

/** Whether this host is an address in any spelling: `127.1`, `0x7f.1`, `2130706433`, `[::1]`, `fe80::1%eth0`. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(plain(host))
}

/** Whether an address belongs to the public internet. IPv4 inside IPv6 counts as the IPv4 it is, or is refused. */
export function isPublicAddress(address: string): boolean {
  const text = plain(address)
  if (!ipaddr.isValid(text)) return false
  const parsed = ipaddr.process(text)
  if (parsed.range() !== 'unicast') return false
  if (parsed.kind() === 'ipv6') return parsed.match(PUBLIC_IPV6)
  return !CLOUD.includes(parsed.toString())
}

/** Without the brackets of a URL and the dot of an absolute name. */
function plain(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

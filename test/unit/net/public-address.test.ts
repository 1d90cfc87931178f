import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAddress, isPublicAddress } from '../../../src/net/public-address.ts'

describe('addresses of the public internet', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '[2a00:1450:4001:80b::200e]', '::ffff:8.8.8.8', '8.8.8.8.'])('%s passes', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    ...['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0x7f000001', '127.0.0.1.', '0.0.0.0', '10.1.2.3', '172.16.0.1'],
    ...['192.168.1.1', '169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1'],
    ...['255.255.255.255', '::', '::1', '[::1]', '::127.0.0.1', '::7f00:1', '::ffff:127.0.0.1', '[::ffff:7f00:1]', '::ffff:0:127.0.0.1'],
    ...['::ffff:169.254.169.254', '64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1'],
    ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '100::1', '4000::1', '3fff::1', '5f00::1'],
    ...['example.com', ''],
  ])('%s does not', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it('no IPv4 inside ::/96, mapped, translated, NAT64 or 6to4 IPv6 passes unless it is itself public', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(byte, byte, byte, (b, c, d) => {
        const hex = (high: number, low: number) => ((high << 8) | low).toString(16)
        for (const a of [0, 10, 127, 224, 255]) {
          const [high, low] = [hex(a, b), hex(c, d)]
          for (const form of [
            `::${high}:${low}`,
            `::ffff:${high}:${low}`,
            `::ffff:0:${high}:${low}`,
            `64:ff9b::${high}:${low}`,
            `2002:${high}:${low}::`,
          ])
            expect(isPublicAddress(form), form).toBe(false)
        }
      }),
    )
  })

  it('a name is no address, every spelling of an address is', () => {
    expect(['example.com', 'localhost', 'a.1', '1.2.3.4.5'].map(isAddress)).toEqual([false, false, false, false])
    expect(['127.1', '0x7f.1', '[::1]', 'fe80::1%1', '2130706433'].map(isAddress)).toEqual([true, true, true, true, true])
  })
})

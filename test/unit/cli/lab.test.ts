import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { labCommand } from '../../../src/cli/lab.ts'

const quiet = () =>
  labCommand()
    .exitOverride()
    .configureOutput({ writeErr() {} })

it.each([
  ['--port', 'x'],
  ['--port', ''],
  ['--control-port', '70000'],
  ['--port', '-1'],
])('refuses %s %j as bad usage', async (option, value) => {
  const refused = quiet().parseAsync(['node', 'lab', option, value])
  await expect(refused).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('whole number from 0 to 65535') })
})

const listening = async (port: number) => {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => server.close(resolve)) }
}

it.each([
  ['--port', '--control-port'],
  ['--control-port', '--port'],
])('says when %s is taken, and gives %s back', async (busy, other) => {
  const taken = await listening(0)
  onTestFinished(() => void taken.close())
  const free = await listening(0)
  await free.close()
  await expect(quiet().parseAsync(['node', 'lab', busy, String(taken.port), other, String(free.port)])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    details: { field: 'port', value: taken.port },
  })
  const again = await listening(free.port)
  await again.close()
})

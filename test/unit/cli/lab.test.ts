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

it('says when its port is taken', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expect(quiet().parseAsync(['node', 'lab', '--control-port', String(port)])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    details: { field: 'port', value: port },
  })
})

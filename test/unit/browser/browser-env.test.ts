import { expect, it } from 'vitest'
import { browserEnv } from '../../../src/browser/browser-env.ts'
import { RUN_MARK } from '../../../src/engine/leftovers.ts'

it.each([
  ['REMORA_API_KEYS', 'key-one,key-two'],
  ['REMORA_WEBHOOK_SECRETS', 'whsec_abc'],
  ['REMORA_ANYTHING_NEW', 'x'],
  ['DATABASE_URL', 'postgres://remora@db/remora'],
  ['MY_DB', 'postgres://remora:topsecret@db/remora'],
  ['PGPASSWORD', 'topsecret'],
  ['AWS_ACCESS_KEY_ID', 'AKIA'],
  ['AWS_SECRET_ACCESS_KEY', 'topsecret'],
  ['S3_SECRET_KEY', 'topsecret'],
  ['GITHUB_TOKEN', 'topsecret'],
])('%s does not reach a browser', (name, value) => {
  expect(browserEnv({ [name]: value })).toEqual({})
})

it('what a browser needs arrives, and so does the mark of the run that owns it', () => {
  const needed = {
    PATH: '/usr/bin',
    HOME: '/home/remora',
    DISPLAY: ':1',
    XAUTHORITY: '/home/remora/.Xauthority',
    XDG_RUNTIME_DIR: '/run/user/1000',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
    PULSE_SERVER: 'unix:/run/pulse',
    LANG: 'en_US.UTF-8',
    https_proxy: 'http://user:pass@proxy.test:3128',
    [RUN_MARK]: 'host:1:2:three',
  }
  expect(browserEnv({ ...needed, GONE: undefined })).toEqual(needed)
})

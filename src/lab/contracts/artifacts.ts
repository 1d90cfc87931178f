import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../../artifacts/port.ts'
import type { ContractCase } from './contract-case.ts'
import { refusedFor, sampleUuid } from './store-samples.ts'

/** What a case of the artifact store's contract is given. */
export interface ArtifactsUnderTest {
  /** Empty, apart from what earlier cases kept under other bots. */
  artifacts: ArtifactStore
  /** A folder for the files that are to be kept. */
  sources: string
  /** Asks for a link, as any stranger would. */
  open(url: string, init?: RequestInit): Promise<Response>
  /** A link as `link` would have made it that long ago. */
  agedLink(key: string, ageMs: number): Promise<string>
}

const HOUR = 3_600_000

async function source({ sources }: ArtifactsUnderTest, name: string, content: string | Buffer): Promise<string> {
  const path = join(sources, name)
  await writeFile(path, content)
  return path
}

/** Keeps a text under `<bot n>/<name>`. */
async function kept(subject: ArtifactsUnderTest, n: number, content: string | Buffer, name = 'output.mp4'): Promise<string> {
  const key = `${sampleUuid(n)}/${name}`
  const path = await source(subject, `${n}-${name.replaceAll('/', '-')}`, content)
  await subject.artifacts.put({ key, path, contentType: 'video/mp4' })
  return key
}

const textOf = async (subject: ArtifactsUnderTest, key: string, init?: RequestInit) =>
  (await subject.open(await subject.artifacts.link(key), init)).text()

/** What every artifact store keeps. Each case uses bots of its own. */
export const ARTIFACTS_CONTRACT: readonly ContractCase<ArtifactsUnderTest>[] = [
  {
    name: 'a kept file comes back by its link, with its type, its length and its name',
    async run(subject) {
      const key = await kept(subject, 1, 'a recording')
      const response = await subject.open(await subject.artifacts.link(key))
      equal(response.status, 200)
      equal(response.headers.get('content-type'), 'video/mp4')
      equal(response.headers.get('content-length'), '11')
      match(response.headers.get('content-disposition') ?? '', /filename="output\.mp4"/)
      equal(await response.text(), 'a recording')
    },
  },
  {
    name: 'a file of many parts comes back byte for byte',
    async run(subject) {
      const content = randomBytes(12 * 1_048_576 + 17)
      const key = await kept(subject, 2, content)
      const response = await subject.open(await subject.artifacts.link(key))
      ok(Buffer.from(await response.arrayBuffer()).equals(content))
    },
  },
  {
    name: 'a piece can be asked for, from the start or the middle',
    async run(subject) {
      const key = await kept(subject, 3, '0123456789')
      const asked = async (range: string) => {
        const response = await subject.open(await subject.artifacts.link(key), { headers: { range } })
        return [response.status, response.headers.get('content-range'), await response.text()]
      }
      deepEqual(await asked('bytes=0-3'), [206, 'bytes 0-3/10', '0123'])
      deepEqual(await asked('bytes=4-'), [206, 'bytes 4-9/10', '456789'])
      deepEqual((await asked('bytes=10-')).slice(0, 1), [416])
    },
  },
  {
    name: 'keeping the same file again changes nothing, keeping another one under its key replaces it',
    async run(subject) {
      const key = await kept(subject, 4, 'first')
      await kept(subject, 4, 'first')
      equal(await textOf(subject, key), 'first')
      await kept(subject, 4, 'other')
      equal(await textOf(subject, key), 'other')
    },
  },
  {
    name: 'an empty file is a file',
    async run(subject) {
      equal(await textOf(subject, await kept(subject, 5, '')), '')
    },
  },
  {
    name: 'a file that does not exist is not kept, and has no link',
    async run(subject) {
      const key = `${sampleUuid(6)}/output.mp4`
      await rejects(subject.artifacts.put({ key, path: join(subject.sources, 'nowhere'), contentType: 'video/mp4' }))
      equal(await subject.artifacts.link(key), '')
    },
  },
  {
    name: 'names with blanks and letters of any language work, also below folders',
    async run(subject) {
      const key = await kept(subject, 7, 'Grüße', 'screenshots/Zoë at 10.jpg')
      equal(await textOf(subject, key), 'Grüße')
    },
  },
  {
    name: 'a link is good for an hour, or as long as asked for',
    async run(subject) {
      const key = await kept(subject, 8, 'a recording')
      const status = async (link: Promise<string>) => (await subject.open(await link)).status
      equal(await status(subject.agedLink(key, HOUR - 60_000)), 200)
      equal(await status(subject.agedLink(key, HOUR + 60_000)), 403)
    },
  },
  {
    name: 'a link that was changed is refused: its key, its life, its signature',
    async run(subject) {
      const key = await kept(subject, 9, 'mine')
      const other = await kept(subject, 10, 'not mine')
      const link = new URL(await subject.artifacts.link(key))
      const changes: ((url: URL) => void)[] = [
        (url) => {
          url.pathname = url.pathname.replace(key, other)
        },
        ...[...link.searchParams.keys()]
          .filter((name) => /expires|signature$/i.test(name))
          .map((name) => (url: URL) => {
            const value = url.searchParams.get(name) ?? ''
            const last = value.at(-1) === '1' ? '2' : '1'
            url.searchParams.set(name, value.slice(0, -1) + last)
          }),
      ]
      equal(changes.length, 3)
      for (const change of changes) {
        const changed = new URL(link)
        change(changed)
        notEqual(changed.href, link.href)
        equal((await subject.open(changed.href)).status, 403, changed.href)
      }
    },
  },
  {
    name: 'removing a bot removes everything of it and nothing of another',
    async run(subject) {
      const keys = [
        await kept(subject, 11, 'a'),
        await kept(subject, 11, 'b', 'audio.wav'),
        await kept(subject, 11, 'c', 'screenshots/1.jpg'),
      ]
      const neighbour = await kept(subject, 12, 'd')
      const link = await subject.artifacts.link(keys[0] ?? '')
      deepEqual(await subject.artifacts.remove(sampleUuid(11)), { removed: 3, failed: 0 })
      deepEqual(await Promise.all(keys.map((key) => subject.artifacts.link(key))), ['', '', ''])
      equal((await subject.open(link)).status, 404)
      equal(await textOf(subject, neighbour), 'd')
      deepEqual(await subject.artifacts.remove(sampleUuid(11)), { removed: 0, failed: 0 })
    },
  },
  {
    name: 'a key that could lead elsewhere is refused, and so is removing more than one bot',
    async run({ artifacts, sources }) {
      const uuid = sampleUuid(13)
      for (const name of ['..', '../x', '.', '', 'a/../../x', 'a\\b', 'a\0b', '.hidden', 'a//b', '%2e%2e/x/..', '/etc/passwd']) {
        const key = `${uuid}/${name}`
        await rejects(artifacts.put({ key, path: sources, contentType: 'video/mp4' }), refusedFor('key'), key)
        await rejects(artifacts.link(key), refusedFor('key'), key)
      }
      for (const bot of ['', '.', '..', '*', `${uuid}/x`, 'no-uuid']) await rejects(artifacts.remove(bot), refusedFor('botUuid'), bot)
    },
  },
]

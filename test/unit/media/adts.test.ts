import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { joinPieces, PACKET } from '../../../src/media/adts.ts'
import { tempDir } from './sample.ts'

const SIZE = 400
/** A packet nobody can play, told apart by what it is filled with. */
function packet(fill: number): Buffer {
  const bytes = Buffer.alloc(SIZE, fill)
  bytes.set([0xff, 0xf1, 0x4c, 0x80 | (SIZE >> 11), (SIZE >> 3) & 0xff, ((SIZE & 7) << 5) | 0x1f, 0xfc])
  return bytes
}

function piece(packets: number, startMs: number, fill = 1) {
  const path = join(tempDir(), 'piece.aac')
  writeFileSync(path, Buffer.concat(Array.from({ length: packets }, () => packet(fill))))
  return { path, startMs }
}
const silent = async () => packet(9)
const at = (packets: number) => (packets * PACKET) / 48

/** Files of these folders that this process has open. */
const opened = (...folders: readonly string[]) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return folders.some((folder) => readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder))
    } catch {
      return false // the one that reads the list
    }
  })

it('puts every packet where its time says, with silence between', async () => {
  const out = join(tempDir(), 'joined.aac')
  expect(await joinPieces([piece(4, 0, 1), piece(3, at(6), 2)], out, silent)).toBe(8)
  const bytes = readFileSync(out)
  expect(Array.from({ length: bytes.length / SIZE }, (_, i) => bytes[i * SIZE + SIZE - 1])).toEqual([1, 1, 1, 9, 9, 9, 2, 2])
})

describe('a disk that refuses', () => {
  const late = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20)) // ffmpeg makes the silence; meanwhile nothing is written
    return packet(9)
  }
  it.each([
    ['at once', [piece(3, 0)], silent],
    ['while much is written', [piece(2_000, 0)], silent],
    ['while silence is made', [piece(2, 0), piece(10, at(100))], late],
  ])('%s is what it rejects with, and nothing else is said or left open', async (_, pieces, silence) => {
    const stray = vi.fn()
    process.on('uncaughtException', stray)
    try {
      const folder = tempDir()
      await expect(joinPieces(pieces, folder, silence)).rejects.toMatchObject({ code: 'EISDIR' })
      if (existsSync('/dev/full')) await expect(joinPieces(pieces, '/dev/full', silence)).rejects.toMatchObject({ code: 'ENOSPC' })
      expect(stray).not.toHaveBeenCalled()
      if (existsSync('/proc/self/fd')) await expect.poll(() => opened('/dev/full', folder, ...pieces.map(({ path }) => path))).toEqual([])
    } finally {
      process.off('uncaughtException', stray)
    }
  })
})

it('leaves nothing open when there is no silence to be had', async () => {
  const folder = tempDir()
  const failing = joinPieces([piece(2, 0), piece(10, at(100))], join(folder, 'joined.aac'), async () => {
    throw new Error('no silence')
  })
  await expect(failing).rejects.toThrow('no silence')
  if (existsSync('/proc/self/fd')) expect(opened(folder)).toEqual([])
})

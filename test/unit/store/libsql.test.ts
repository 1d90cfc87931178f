import Libsql from 'libsql'
import { afterEach, describe, expect, it } from 'vitest'
import { guarded } from '../../../src/store/libsql.ts'

describe('libsql, guarded', () => {
  const database = guarded(new Libsql(':memory:'))
  database.exec('create table kept (value)')
  const put = (value: unknown): unknown => database.prepare('insert into kept values (?)').run([value])
  const all = (): unknown => database.prepare('select value from kept').all([])
  afterEach(() => database.exec('delete from kept'))

  it('stores a boolean as 0 or 1, which would end the process', () => {
    for (const flag of [true, false]) put(flag)
    expect(all()).toEqual([{ value: 1 }, { value: 0 }])
  })

  it('stores a date as ISO text', () => {
    put(new Date(0))
    expect(all()).toEqual([{ value: '1970-01-01T00:00:00.000Z' }])
  })

  it('gives bytes as Uint8Array, from every way of reading', () => {
    put(new Uint8Array([1, 2]))
    const statement = database.prepare('select value from kept')
    expect(statement.all([])).toEqual([{ value: new Uint8Array([1, 2]) }])
    expect([...statement.iterate([])]).toEqual([{ value: new Uint8Array([1, 2]) }])
  })

  it.each([[undefined], ['cut\u0000here'], [Number.NaN]])('refuses %j, which would be stored as something else', (value) => {
    expect(() => put(value)).toThrow(TypeError)
    expect(() => database.prepare('select ? as value').all([value])).toThrow(TypeError)
    expect(all()).toEqual([])
  })

  it('keeps numbers whole, and null', () => {
    for (const value of [9_007_199_254_740_991, 1.5, Number.POSITIVE_INFINITY, null]) put(value)
    expect(all()).toEqual([9_007_199_254_740_991, 1.5, Number.POSITIVE_INFINITY, null].map((value) => ({ value })))
  })

  it('does not answer after it was closed, not even through a statement prepared before', () => {
    const other = guarded(new Libsql(':memory:'))
    const statement = other.prepare('select 1 as one')
    expect(statement.all([])).toEqual([{ one: 1 }])
    other.close()
    expect(() => statement.all([])).toThrow(/closed/)
  })
})

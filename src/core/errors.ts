import { ERROR_CODES, type ErrorCode, type Responsible, type WireError } from './outcomes.ts'

export interface BotErrorOptions {
  /** What was tried, what was seen: URL, signs, screenshot path. Never a secret. */
  details?: Readonly<Record<string, unknown>>
  cause?: unknown
}

const BRAND = Symbol.for('remora.BotError')

/** The one public error. Branch on `code`; the rows are in `ERROR_CODES`. */
export class BotError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, { details = {}, cause }: BotErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BotError'
    this.code = code
    this.details = details
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** May the caller try again with the same input? */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable
  }

  get responsible(): Responsible {
    return ERROR_CODES[this.code].responsible
  }

  /** The contract's word for it. */
  get wire(): WireError {
    return ERROR_CODES[this.code].wire
  }

  toJSON(): { name: string; code: ErrorCode; message: string; responsible: Responsible; retryable: boolean; details: unknown } {
    const { name, code, message, responsible, retryable, details } = this
    return { name, code, message, responsible, retryable, details }
  }
}

/** Recognises a BotError of any installed copy of this package, optionally of one code. */
export function isBotError(value: unknown, code?: ErrorCode): value is BotError {
  if (!(value instanceof Error) || !(BRAND in value)) return false
  return code === undefined || ('code' in value && value.code === code)
}

/** Any thrown value as a BotError: itself, or an `INTERNAL` that carries it as its cause. */
export function toBotError(value: unknown, code: ErrorCode = 'INTERNAL'): BotError {
  if (isBotError(value)) return value
  const message = value instanceof Error ? value.message : String(value)
  return new BotError(code, message, { cause: value })
}

import type { z } from 'zod'
import { BotError } from '../core/errors.ts'

const SECRET = /pass|secret|token|key/i

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), input)
}

function allowedBy(issue: z.core.$ZodIssue): unknown {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values
    case 'invalid_type':
      return issue.expected
    case 'too_small':
      return `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'unrecognized_keys':
      return 'no such option'
    default:
      return issue.message
  }
}

/** The first thing wrong, as one error: which field, what was given, what is allowed. Secrets are not repeated. */
export function invalid(input: unknown, error: z.ZodError): BotError {
  const issue = error.issues[0]
  if (issue === undefined) return new BotError('CONFIG_INVALID', error.message)
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  const field = path.map(String).join('.') || 'config'
  const value = SECRET.test(field) ? '(hidden)' : valueAt(input, path)
  const allowed = allowedBy(issue)
  const list = Array.isArray(allowed) ? allowed.join(', ') : String(allowed)
  return new BotError('CONFIG_INVALID', sentence(issue, field, value, list), { details: { field, value, allowed } })
}

function sentence(issue: z.core.$ZodIssue, field: string, value: unknown, allowed: string): string {
  if (issue.code === 'unrecognized_keys') return `${field}: there is no such option`
  if (value === undefined) return `${field} is missing; allowed: ${allowed}`
  // JSON has no word for them.
  const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value)
  return `${field}: ${shown} is not allowed; allowed: ${allowed}`
}

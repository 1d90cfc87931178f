import { InvalidArgumentError } from 'commander'

/** A parser of a whole number in a range, for an option; anything else is bad usage. */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`allowed: a whole number from ${least} to ${most}.`)
  }

/** A parser of a port to listen on. */
export const port = whole(0, 65_535)

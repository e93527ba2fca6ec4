import { InvalidArgumentError } from 'commander'

/** Reads the value of an option, a whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('it must be a whole number above 0')
  return Number(text)
}

/** The same, from 0. */
export function numberFromZero(text: string): number {
  return text === '0' ? 0 : wholeNumber(text)
}

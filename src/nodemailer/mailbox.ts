/**
 * What the spellings of a mailbox are compared by here, where `addressKey` cannot be: it needs a package that applications
 * do not have. Equal ones have equal keys; a few spellings of one key stay apart, such as a name with needless quotes.
 */
export function mailboxOf(address: string): string {
  return address.toLowerCase().normalize('NFC')
}

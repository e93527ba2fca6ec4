const BYTE_ORDER_MARK = '\ufeff'

/** One record with its line end (RFC 4180 §2). Quotes stand only where they are needed. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

/** A field as it stands between two commas. */
export function csvField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

/**
 * What spreadsheets take for a formula, full-width characters included; a tab or a line end in front does not stop
 * them.
 */
const FORMULA = /^[\t\r\n]*[=+\-@＝＋－＠]/

/** A cell that no spreadsheet calculates: a tab is put before whatever it would take for a formula. */
export function neutralised(field: string): string {
  return FORMULA.test(field) ? `\t${field}` : field
}

/** One record as Customers Mail Cloud writes it: everything in quotes, and LF alone. */
export function csvRecordInQuotes(fields: readonly (string | number)[]): string {
  return `${fields.map((field) => `"${String(field).replaceAll('"', '""')}"`).join(',')}\n`
}

/** The first record; a byte order mark makes Excel read UTF-8. */
export function csvHead(names: readonly string[], { bom }: { bom: boolean }): string {
  return (bom ? BYTE_ORDER_MARK : '') + csvRecord(names)
}

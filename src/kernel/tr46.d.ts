/** The part of tr46 that is used here; the package brings no types. */
declare module 'tr46' {
  interface ToAsciiOptions {
    checkBidi?: boolean
    checkJoiners?: boolean
    useSTD3ASCIIRules?: boolean
  }
  /** UTS 46 ToASCII, non-transitional: the domain in A-labels, or `null` when it has none. */
  export function toASCII(domain: string, options: ToAsciiOptions): string | null
}

/** On paper every screen is light and everything folded is open, so that a printed record is complete. */
export function preparePrinting(): void {
  let putBack = () => {}
  addEventListener('beforeprint', () => {
    const page = document.documentElement
    const scheme = page.dataset.mantineColorScheme
    const folded = document.querySelectorAll<HTMLDetailsElement>('details:not([open])')
    page.dataset.mantineColorScheme = 'light'
    for (const details of folded) details.open = true
    putBack = () => {
      page.dataset.mantineColorScheme = scheme
      for (const details of folded) details.open = false
    }
  })
  addEventListener('afterprint', () => putBack())
}

import { Badge, type CSSVariablesResolver, createTheme, darken } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", Meiryo, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Noto Sans Mono CJK JP", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  // For people whose system asks for less motion, windows open and close at once.
  respectReducedMotion: true,
  components: {
    // Mantine's placeholder for the initial focus has no role, and a menu must not contain such an element.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': '閉じる / Close' } },
      // Its default grey is paler than the one that `contrast` sets.
      styles: { description: { color: 'var(--mantine-color-dimmed)' } },
    },
  },
})

const COLORS = ['indigo', 'blue', 'teal', 'green', 'yellow', 'orange', 'red', 'gray'] as const

/** Shades of text that meet WCAG's contrast of 4.5, which the library's own do not. */
export const contrast: CSSVariablesResolver = ({ colors }) => {
  const tinted = (shade: (color: (typeof COLORS)[number]) => string) =>
    Object.fromEntries(COLORS.map((color) => [`--mantine-color-${color}-light-color`, shade(color)]))
  return {
    variables: {},
    light: {
      '--mantine-color-dimmed': colors.gray[7],
      '--mantine-color-error': colors.red[9],
      ...tinted((color) => darken(colors[color][9], 0.3)),
    },
    dark: {
      '--mantine-color-dimmed': colors.gray[5],
      '--mantine-color-error': colors.red[3],
      ...tinted((color) => colors[color][2]),
    },
  }
}

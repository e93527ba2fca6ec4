import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Refusal } from '../api/refusal.ts'
import { Prompts } from '../session/prompts.tsx'
import { i18n } from '../texts/i18n.ts'
import { styleNonce } from './style-nonce.ts'
import { contrast, theme } from './theme.ts'

/** A refusal stays one however often it is asked; only what never reached the server, or an outage, is tried again. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof Refusal && error.status < 500),
    },
  },
})

export function Providers({ children }: { children: ReactNode }) {
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        cssVariablesResolver={contrast}
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" />
          {children}
          <Prompts />
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  )
}

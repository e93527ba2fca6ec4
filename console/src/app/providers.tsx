import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Refusal } from '../api/refusal.ts'
import { Prompts } from '../session/prompts.tsx'
import { i18n } from '../texts/i18n.ts'
import { styleNonce } from './style-nonce.ts'
import { contrast, theme } from './theme.ts'

/** In the place of what cannot be loaded, which keeps nobody from the screens. */
function Nothing(): ReactNode {
  return null
}

const Notices = lazy(() => import('./notices.tsx').catch(() => ({ default: Nothing })))

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
          <Suspense>
            <Notices />
          </Suspense>
          {children}
          <Prompts />
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  )
}

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Refusal } from '../api/refusal.ts'
import { Prompts } from '../session/prompts.tsx'
import { i18n } from '../texts/i18n.ts'
import { styleNonce } from './style-nonce.ts'
import { contrast, theme } from './theme.ts'

/** Stands in for a part that cannot be loaded, so that the screens work without it. */
function Nothing(): ReactNode {
  return null
}

const Notices = lazy(() => import('./notices.tsx').catch(() => ({ default: Nothing })))

/** A refusal stays a refusal however often it is repeated; only lost connections and outages are tried again. */
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

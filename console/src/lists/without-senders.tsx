import { Button, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { Screen } from '../parts/screen.tsx'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('without-senders', {
  ja: { toSenders: '送信元アドレスへ' },
  en: { toSenders: 'To the senders' },
})

interface AwaitedSendersProps {
  title: string
  about: string
  query: Pick<UseQueryResult, 'error' | 'refetch'>
}

/** A screen about the lists of senders while these are still loading. */
export function AwaitedSenders({ title, about, query: { error, refetch } }: AwaitedSendersProps) {
  return (
    <Screen title={title} about={about}>
      {error ? <Failure error={error} reset={() => void refetch()} /> : <Skeleton h={240} />}
    </Screen>
  )
}

interface NoSenderProps {
  service: number
  title: string
  children: ReactNode
}

/** Shown instead of the lists where there is no sender yet. */
export function NoSender({ service, title, children }: NoSenderProps) {
  const t = useTexts()
  return (
    <Empty
      title={title}
      action={
        <Button
          component={Link}
          to="/services/$service/senders"
          params={{ service: String(service) } as never}
        >
          {t('toSenders')}
        </Button>
      }
    >
      {children}
    </Empty>
  )
}

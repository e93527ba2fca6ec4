import { Button, Group } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('pager', {
  ja: { first: '最初のページ', next: '次のページ', pages: 'ページ送り' },
  en: { first: 'First page', next: 'Next page', pages: 'Pages' },
})

/** Pages through a long list; the page is kept in the address, so that the browser's back button goes back. */
export function Pager({ next, loading = false }: { next: string | null | undefined; loading?: boolean }) {
  const t = useTexts()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { cursor?: string }
  if (!next && !search.cursor) return null
  const go = (cursor: string | undefined) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, cursor }), hash: true } as never)
  return (
    <Group component="nav" aria-label={t('pages')} gap="xs">
      <Button variant="default" size="xs" disabled={!search.cursor} onClick={() => go(undefined)}>
        {t('first')}
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={!next}
        loading={loading}
        onClick={() => go(next ?? undefined)}
      >
        {t('next')}
      </Button>
    </Group>
  )
}

import { Button, Group, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { ActionSelect } from './action-select.tsx'
import type { AuditSearch } from './audit-search.ts'
import { useAuditTexts } from './texts.ts'

/** The search goes into the address once it is submitted. */
export function AuditFilters({ search }: { search: AuditSearch }) {
  const t = useAuditTexts()
  const navigate = useNavigate()
  const mistake = useId()
  const [wanted, setWanted] = useState(search)
  const set = (name: keyof AuditSearch) => (value: string) => setWanted({ ...wanted, [name]: value })
  const isReversed = Boolean(wanted.from && wanted.to && wanted.to < wanted.from)
  const go = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = Object.entries({ ...wanted, cursor: '' }).map(([name, value]) => [name, value.trim()])
    const given = trimmed.filter(([, value]) => value !== '')
    if (!isReversed) void navigate({ to: '/audit', search: Object.fromEntries(given) })
  }
  return (
    <search>
      <form onSubmit={go}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('actorPart')}
            w={170}
            value={wanted.actor ?? ''}
            onChange={(event) => set('actor')(event.currentTarget.value)}
          />
          <ActionSelect value={wanted.action ?? ''} onChange={set('action')} />
          <TextInput
            label={t('subjectPart')}
            w={170}
            value={wanted.subject ?? ''}
            onChange={(event) => set('subject')(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            w={150}
            label={t('from')}
            value={wanted.from ?? ''}
            onChange={(event) => set('from')(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            w={150}
            label={t('to')}
            value={wanted.to ?? ''}
            error={isReversed}
            aria-describedby={isReversed ? mistake : undefined}
            onChange={(event) => set('to')(event.currentTarget.value)}
          />
          <Button type="submit">{t('search')}</Button>
        </Group>
        {isReversed && (
          <Text id={mistake} size="sm" c="var(--mantine-color-error)" role="alert" mt={4}>
            {t('reversed')}
          </Text>
        )}
      </form>
    </search>
  )
}

import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useEditingTexts } from './texts.ts'
import type { Conflict } from './use-editing.ts'
import type { HeldConflict } from './use-held-action.ts'

interface DescribedProps<T> {
  /** What a field is called, and what its value is in words. */
  describe(key: keyof T & string, value: unknown): { name: string; value: string }
}

/** Tells what somebody else saved meanwhile, and lets the person decide whose counts. */
export function ChangedMeanwhile<T extends object>({
  conflict,
  describe,
}: DescribedProps<T> & { conflict: Conflict<T> }) {
  const t = useEditingTexts()
  return (
    <Meanwhile title={t('changedMeanwhile')} changes={described(conflict.theirs, describe)}>
      <Text size="sm">{t('nothingLost')}</Text>
      <Group gap="xs">
        <Button size="xs" onClick={conflict.takeOver}>
          {t('takeOver')}
        </Button>
        <Button size="xs" variant="default" onClick={conflict.overwrite}>
          {t('overwrite')}
        </Button>
      </Group>
    </Meanwhile>
  )
}

/** Tells the same of something that was to be deleted, moved or the like, and lets the person decide whether it still is. */
export function ChangedBefore<T extends object>({
  conflict,
  describe,
  proceed,
}: DescribedProps<T> & {
  conflict: HeldConflict<T>
  /** What the button says that does it all the same. */
  proceed: string
}) {
  const t = useEditingTexts()
  return (
    <Meanwhile title={t('changedBefore')} changes={described(conflict.theirs, describe)}>
      <Text size="sm">{t('nothingDone')}</Text>
      <Button size="xs" color="red" onClick={conflict.proceed}>
        {proceed}
      </Button>
    </Meanwhile>
  )
}

function described<T extends object>(theirs: Partial<T>, describe: DescribedProps<T>['describe']) {
  return Object.entries(theirs).map(([key, value]) => describe(key as keyof T & string, value))
}

interface MeanwhileProps {
  title: string
  changes: readonly { name: string; value: string }[]
  children: ReactNode
}

function Meanwhile({ title, changes, children }: MeanwhileProps) {
  const t = useEditingTexts()
  return (
    <Alert color="yellow" role="alert" title={title}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t(changes.length > 0 ? 'changedWhat' : 'changedBack')}</Text>
        {changes.length > 0 && (
          <List size="sm">
            {changes.map(({ name, value }) => (
              <List.Item key={name}>{t('changedTo', { name, value: value || t('nothing') })}</List.Item>
            ))}
          </List>
        )}
        {children}
      </Stack>
    </Alert>
  )
}

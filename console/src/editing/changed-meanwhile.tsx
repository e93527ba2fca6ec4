import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useEditingTexts } from './texts.ts'
import type { Conflict } from './use-editing.ts'
import type { HeldConflict } from './use-held-action.ts'

interface DescribedProps<T> {
  /** The name of a field, and its value in words. */
  describe(key: keyof T & string, value: unknown): { name: string; value: string }
}

/** Shows what somebody else saved meanwhile, and lets the person decide whose version counts. */
export function ChangedMeanwhile<T extends object>({
  conflict,
  describe,
}: DescribedProps<T> & { conflict: Conflict<T> }) {
  const t = useEditingTexts()
  return (
    <Meanwhile title={t('changedMeanwhile')} changes={described(conflict.theirs, describe)} isEdited>
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

/**
 * Shows the same for something that was about to be deleted, moved or the like, and lets the person decide whether to
 * go on.
 */
export function ChangedBefore<T extends object>({
  conflict,
  describe,
  proceed,
  giveUp,
}: DescribedProps<T> & {
  conflict: Pick<HeldConflict<T>, 'theirs' | 'proceed' | 'giveUp'>
  /** The label of the button that goes on anyway, and of the one that does not, where there is no other way out. */
  proceed: string
  giveUp?: string
}) {
  const t = useEditingTexts()
  return (
    <Meanwhile title={t('changedBefore')} changes={described(conflict.theirs, describe)} isEdited={false}>
      <Text size="sm">{t('nothingDone')}</Text>
      <Group gap="xs">
        <Button size="xs" onClick={conflict.proceed}>
          {proceed}
        </Button>
        {giveUp !== undefined && (
          <Button size="xs" variant="default" onClick={conflict.giveUp}>
            {giveUp}
          </Button>
        )}
      </Group>
    </Meanwhile>
  )
}

function described<T extends object>(theirs: Partial<T>, describe: DescribedProps<T>['describe']) {
  return Object.entries(theirs).map(([key, value]) => describe(key as keyof T & string, value))
}

interface MeanwhileProps {
  title: string
  changes: readonly { name: string; value: string }[]
  /** Whether the person was editing it or had only looked at it. */
  isEdited: boolean
  children: ReactNode
}

function Meanwhile({ title, changes, isEdited, children }: MeanwhileProps) {
  const t = useEditingTexts()
  const [what, nothing] = isEdited
    ? (['changedWhat', 'changedBack'] as const)
    : (['changedSince', 'changedUnseen'] as const)
  return (
    <Alert color="yellow" role="alert" title={title}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t(changes.length > 0 ? what : nothing)}</Text>
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

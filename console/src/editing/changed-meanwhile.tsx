import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useEditingTexts } from './texts.ts'
import type { Conflict } from './use-editing.ts'

interface ChangedMeanwhileProps<T> {
  conflict: Conflict<T>
  /** What a field is called, and what its value is in words. */
  describe(key: keyof T & string, value: unknown): { name: string; value: string }
}

/** Tells what somebody else saved meanwhile, and lets the person decide whose counts. */
export function ChangedMeanwhile<T extends object>({ conflict, describe }: ChangedMeanwhileProps<T>) {
  const t = useEditingTexts()
  const changes = Object.entries(conflict.theirs).map(([key, value]) =>
    describe(key as keyof T & string, value),
  )
  return (
    <Alert color="yellow" role="alert" title={t('changedMeanwhile')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t(changes.length > 0 ? 'changedWhat' : 'changedBack')}</Text>
        {changes.length > 0 && (
          <List size="sm">
            {changes.map(({ name, value }) => (
              <List.Item key={name}>{t('changedTo', { name, value: value || t('nothing') })}</List.Item>
            ))}
          </List>
        )}
        <Text size="sm">{t('nothingLost')}</Text>
        <Group gap="xs">
          <Button size="xs" onClick={conflict.takeOver}>
            {t('takeOver')}
          </Button>
          <Button size="xs" variant="default" onClick={conflict.overwrite}>
            {t('overwrite')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

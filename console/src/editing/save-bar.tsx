import { Button, Group, Paper, Text } from '@mantine/core'
import { useEditingTexts } from './texts.ts'

interface SaveBarProps {
  isDirty: boolean
  isSaving: boolean
  onReset(): void
}

/** Stays in sight below a long form while something of it is not saved. The form's own submit saves. */
export function SaveBar({ isDirty, isSaving, onReset }: SaveBarProps) {
  const t = useEditingTexts()
  if (!isDirty) return null
  return (
    <Paper withBorder shadow="md" p="sm" pos="sticky" bottom={8} style={{ zIndex: 10 }}>
      <Group justify="space-between">
        <Text size="sm" role="status">
          {t('unsaved')}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onReset} disabled={isSaving}>
            {t('reset')}
          </Button>
          <Button type="submit" loading={isSaving}>
            {t('save')}
          </Button>
        </Group>
      </Group>
    </Paper>
  )
}

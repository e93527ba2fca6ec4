import { Button, Group, Stack, Text } from '@mantine/core'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { ChangedBefore } from './changed-meanwhile.tsx'
import { useEditingTexts } from './texts.ts'
import type { HeldAction } from './use-held-action.ts'

interface HeldRemovalProps<T extends object> {
  removal: HeldAction<T, void>
  title: string
  /** What stays, or what takes its place. */
  why: string
  /** The label of the button that removes it even though somebody else changed it meanwhile. */
  anyway: string
  describe: Parameters<typeof ChangedBefore<T>>[0]['describe']
  onClose(): void
}

/** Asks for confirmation before removing something that others may be editing too. */
export function HeldRemoval<T extends object>({
  removal,
  title,
  why,
  anyway,
  describe,
  onClose,
}: HeldRemovalProps<T>) {
  const t = useEditingTexts()
  const { conflict } = removal
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Stack>
        {removal.error && <Failure error={removal.error} />}
        {conflict && <ChangedBefore {...{ conflict, describe }} proceed={anyway} />}
        <Text size="sm">{why}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          {!conflict && (
            <Button color="red" loading={removal.isPending} onClick={() => removal.run()}>
              {title}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

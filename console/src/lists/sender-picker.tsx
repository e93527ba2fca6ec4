import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useListTexts } from './texts.ts'
import { MOST_SHOWN } from './use-senders.ts'

/** Chooses the sender whose list is shown; the choice is kept in the address. */
export function SenderPicker({
  senders,
  sender,
  label,
}: {
  senders: readonly string[]
  sender: string | undefined
  /** Needed where the screen calls it by a name of its own. */
  label?: string
}) {
  const t = useListTexts()
  const navigate = useNavigate()
  return (
    <Select
      label={label ?? t('sender')}
      maw={420}
      searchable
      limit={MOST_SHOWN}
      allowDeselect={false}
      data={senders}
      value={sender ?? null}
      onChange={(chosen) =>
        void navigate({
          to: '.',
          search: (before: object) => ({ ...before, cursor: undefined, sender: chosen }),
        } as never)
      }
    />
  )
}

import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Person } from './grants.ts'
import type { Step } from './person-step.tsx'
import { usePeopleTexts } from './texts.ts'

interface PersonMenuProps {
  person: Person
  /** Keeps people from locking themselves out. */
  isMe: boolean
  onChoose(step: Step | 'edit'): void
}

export function PersonMenu({ person, isMe, onChoose }: PersonMenuProps) {
  const t = usePeopleTexts()
  const { email, disabledAt, lockedUntil } = person
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('actions', { email })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose('edit')}>{t('change')}</Menu.Item>
        {lockedUntil && <Menu.Item onClick={() => onChoose('unlock')}>{t('unlock')}</Menu.Item>}
        <Menu.Item onClick={() => onChoose('reset')}>{t('reset')}</Menu.Item>
        {disabledAt && <Menu.Item onClick={() => onChoose('enable')}>{t('enable')}</Menu.Item>}
        {!disabledAt && !isMe && <Menu.Item onClick={() => onChoose('disable')}>{t('disable')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}

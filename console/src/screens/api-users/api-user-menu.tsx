import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ApiUser } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

export type Choice = 'connect' | 'change' | 'rotate' | 'endPrevious' | 'revoke'

export function ApiUserMenu({ user, onChoose }: { user: ApiUser; onChoose(choice: Choice): void }) {
  const t = useApiUserTexts()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('actions', { name: user.name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose('connect')}>{t('connect')}</Menu.Item>
        <Menu.Item onClick={() => onChoose('change')}>{t('change')}</Menu.Item>
        <Menu.Item onClick={() => onChoose('rotate')}>{t('rotate')}</Menu.Item>
        {user.previousKey && (
          <Menu.Item onClick={() => onChoose('endPrevious')}>{t('endPrevious')}</Menu.Item>
        )}
        <Menu.Item onClick={() => onChoose('revoke')}>{t('revoke')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

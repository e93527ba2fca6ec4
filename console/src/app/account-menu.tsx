import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { signOut } from '../session/auth.ts'
import { useMe } from '../session/me.ts'
import { useFrameTexts } from './texts.ts'

/** @param isAskedFor whether it was opened before it had loaded */
export default function AccountMenu({ isAskedFor }: { isAskedFor: boolean }) {
  const t = useFrameTexts()
  const { data } = useMe()
  const leave = async () => {
    if (!(await signOut())) notifications.show({ color: 'red', message: t('offline') })
  }
  return (
    <Menu position="bottom-end" defaultOpened={isAskedFor}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={t('account')}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{data?.person.email}</Menu.Label>
        <Menu.Item component={Link} to="/account">
          {t('account')}
        </Menu.Item>
        <Menu.Item onClick={() => void leave()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

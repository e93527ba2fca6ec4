import {
  IconAddressBook,
  IconAt,
  IconBan,
  IconChartBar,
  IconFilter,
  IconFlag,
  IconForms,
  IconHandClick,
  IconHistory,
  IconInbox,
  IconKey,
  IconKeyOff,
  IconListSearch,
  IconMailOff,
  IconMailQuestion,
  IconMailSearch,
  IconMailX,
  IconSend,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { useFrameTexts } from './texts.ts'

type Name = Parameters<ReturnType<typeof useFrameTexts>>[0]

export interface NavigationItem {
  label: Name
  icon: ComponentType<{ size?: number }>
  /** The path below `/services/{service}/`, or below the whole site. */
  screen: string
  ofSite?: true
  /** The permission needed to see it. */
  needs: 'view' | 'admin' | 'site-admin' | 'installation' | 'error-count-reset'
}

/** The side bar, from top to bottom. */
export const NAVIGATION: readonly { label: Name; items: readonly NavigationItem[] }[] = [
  {
    label: 'today',
    items: [{ label: 'overview', icon: IconChartBar, screen: '', needs: 'view' }],
  },
  {
    label: 'sending',
    items: [
      { label: 'deliveries', icon: IconSend, screen: 'deliveries', needs: 'view' },
      { label: 'messages', icon: IconMailSearch, screen: 'messages', needs: 'view' },
      { label: 'address', icon: IconAddressBook, screen: 'address', needs: 'view' },
      { label: 'inbound', icon: IconInbox, screen: 'inbound', needs: 'view' },
    ],
  },
  {
    label: 'lists',
    items: [
      { label: 'oneClick', icon: IconHandClick, screen: 'one-click', needs: 'error-count-reset' },
      { label: 'stopLists', icon: IconMailOff, screen: 'stop-lists', needs: 'view' },
      { label: 'hardBounces', icon: IconMailX, screen: 'lists/hard-bounces', needs: 'view' },
      { label: 'complaints', icon: IconFlag, screen: 'lists/complaints', needs: 'view' },
      { label: 'blocklist', icon: IconBan, screen: 'lists/blocklist', needs: 'view' },
      { label: 'imports', icon: IconHistory, screen: 'imports', needs: 'view' },
    ],
  },
  {
    label: 'recipients',
    items: [
      { label: 'subscribers', icon: IconUsers, screen: 'subscribers', needs: 'view' },
      { label: 'forms', icon: IconForms, screen: 'forms', needs: 'view' },
    ],
  },
  {
    label: 'administration',
    items: [
      { label: 'senders', icon: IconAt, screen: 'senders', needs: 'view' },
      { label: 'filters', icon: IconFilter, screen: 'filters', needs: 'view' },
      { label: 'settings', icon: IconSettings, screen: 'settings', needs: 'view' },
      { label: 'audit', icon: IconListSearch, screen: 'audit', ofSite: true, needs: 'site-admin' },
      { label: 'apiUsers', icon: IconKey, screen: 'api-users', ofSite: true, needs: 'site-admin' },
      { label: 'people', icon: IconUsers, screen: 'people', ofSite: true, needs: 'site-admin' },
      {
        label: 'nobodysInbound',
        icon: IconMailQuestion,
        screen: 'nobodys-inbound',
        ofSite: true,
        needs: 'installation',
      },
      { label: 'unverified', icon: IconKeyOff, screen: 'unverified', ofSite: true, needs: 'installation' },
    ],
  },
]

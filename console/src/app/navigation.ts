import { IconAt } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { useFrameTexts } from './texts.ts'

type Name = Parameters<ReturnType<typeof useFrameTexts>>[0]

export interface NavigationItem {
  label: Name
  icon: ComponentType<{ size?: number }>
  /** Below the service that is chosen, or of the console itself. */
  to: '/services/$service/senders'
  /** Shown to whoever may do this. */
  needs: 'view' | 'admin' | 'error-count-reset'
}

/** The side bar, from top to bottom. */
export const NAVIGATION: readonly { label: Name; items: readonly NavigationItem[] }[] = [
  {
    label: 'administration',
    items: [{ label: 'senders', icon: IconAt, to: '/services/$service/senders', needs: 'view' }],
  },
]
